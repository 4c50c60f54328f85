import { describe, expect, it } from 'vitest';
import { Waiting } from '#client/closing/waiting.ts';
import { EndDevice } from '../../../support/client/end-device.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { closed, finalOf } from '../../../support/swarm-simulator/end.ts';

const hourMs = 3_600_000;

async function waiting() {
  const sim = await closed('alice@red', 'bob@blue', 'cleo@green');
  const [alice, bob, cleo] = sim.people as [SimDevice, SimDevice, SimDevice];
  const here = new EndDevice(alice, sim.box.publicKey);
  const { vault, voice, clock } = here;
  const hours = voice.state.genesis.d.charter.wait;
  return { alice, bob, cleo, here, hours, waits: new Waiting({ clock, vault, voice }) };
}

const tooEarly = { problem: { code: 'WAIT_NOT_OVER' } };

describe('the waiting time', { timeout: 20_000 }, () => {
  it('does not begin before the close is final, whatever the clock says', async () => {
    const { here, hours, waits } = await waiting();
    await waits.tend();
    here.aheadMs = 10 * hours * hourMs;
    await waits.tend();
    expect(waits.secondsLeft).toBe(hours * 3600);
    await expect(waits.goOnWithout(2)).rejects.toMatchObject(tooEarly);
  });

  it('runs from the first sight, over a restart; a clock put back shortens nothing', async () => {
    const { alice, bob, cleo, here, hours, waits } = await waiting();
    for (const one of [alice, bob]) await one.write(one.mission, 'final', finalOf(one));
    await sync(alice, bob);
    await here.settle();
    await waits.tend();
    here.aheadMs = (hours - 1) * hourMs;
    const { vault, voice, clock } = here;
    const again = new Waiting({ clock, vault, voice });
    await again.open();
    await again.tend();
    expect(again.secondsLeft).toBeGreaterThan(3590);
    expect(again.secondsLeft).toBeLessThanOrEqual(3600);
    await expect(again.goOnWithout(2)).rejects.toMatchObject(tooEarly);
    here.aheadMs = -hourMs;
    expect(again.secondsLeft).toBe(hours * 3600);
    here.aheadMs = hours * hourMs;
    expect(again.secondsLeft).toBe(0);
    await again.goOnWithout(2);
    // The same again is nothing new.
    await again.goOnWithout(2);
    const said = [...voice.state.end.elapsed.values()];
    const pairs = said.map(({ of, party }) => [of, party]);
    const third = [...voice.state.parties].find(([, { slot }]) => slot === 2)?.[0];
    expect(pairs).toEqual([[third, alice.keys.pfp]]);
    expect(third).toBe(cleo.keys.pfp);
  });

  it('is not over for a party that does not exist', async () => {
    const { waits } = await waiting();
    await expect(waits.goOnWithout(7)).rejects.toMatchObject({
      problem: { code: 'CLOSING_NOT_YET' },
    });
  });
});
