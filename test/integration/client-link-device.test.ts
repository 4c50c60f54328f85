import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BoxProcess, loopbackConfig } from '../support/box-process.ts';
import { freePort } from '../support/free-port.ts';
import { foundMission, joinedBy, NodeClient } from '../support/node-client.ts';

/** A person links a second device, of a lead and of a member, with a real box between. */
let config: object;
let box: BoxProcess;
let origin: string;
let red: NodeClient;
let blue: NodeClient;
let laptop: NodeClient;
const all: NodeClient[] = [];

beforeAll(async () => {
  config = { ...loopbackConfig, gateway: { httpsPort: await freePort(), httpPort: 0 } };
  box = await BoxProcess.start(config);
  origin = await box.origin();
  ({ red, blue } = await foundMission(origin));
  all.push(red, blue);
  await red.send('All parties', 'before the laptop');
  await blue.sees('the message', (one) => one.texts('All parties').length === 1);
});
afterAll(async () => {
  for (const one of all) await one.stop();
  await box.remove();
});

const arrive = async (name: string): Promise<NodeClient> => {
  const one = await NodeClient.start(name, origin);
  all.push(one);
  await one.sees('the box', ({ view }) => view.box?.hasMission);
  return one;
};

/** Both show digits; they are the same. */
async function compared(old: NodeClient, fresh: NodeClient): Promise<void> {
  await fresh.client.linkThisDevice();
  await old.client.linkDevice(fresh.view.linking?.code ?? '');
  await fresh.sees('the digits', ({ view }) => view.linking?.step === 'compare');
  await old.sees('the digits', ({ view }) => view.mission?.linking?.step === 'compare');
  expect(fresh.view.linking?.compare).toEqual(old.mission.linking?.compare);
  expect(fresh.view.linking?.compare?.digits).toMatch(/^\d{6}$/);
}

/** The whole way of a further device. */
async function linked(old: NodeClient, name: string, withParty = false): Promise<NodeClient> {
  const fresh = await arrive(name);
  await compared(old, fresh);
  await old.client.compareDevices(true, withParty);
  await fresh.client.compareDevices(true);
  await old.sees('the end of the link', ({ mission }) => mission.linking?.step === 'done');
  await old.client.leaveLinking();
  await fresh.sees('the first room', (seen) => seen.conversation('All parties'));
  return fresh;
}

describe('a further device of a lead', () => {
  it('is linked after both compared the same digits, and reads what the other reads', async () => {
    laptop = await linked(red, 'Rosa’s laptop', true);
    await laptop.sees('history', (one) => one.texts('All parties').length === 1);
    expect(laptop.texts('All parties')).toEqual(['before the laptop']);
    await laptop.sees('the charter', ({ mission }) => mission.charter.name === 'Flood response');
    expect(laptop.conversation('All parties')?.unread).toBe(0);
    expect(laptop.messages('All parties').filter(({ isLate }) => isLate)).toEqual([]);
    expect(laptop.mission.me).toMatchObject({ name: 'Rosa', isLead: true });
    expect(laptop.mission.me.id).toBe(red.mission.me.id);
    expect(laptop.mission.devices.map(({ isThis, number }) => [isThis, number])).toEqual([
      [true, 2],
      [false, 1],
    ]);
  });

  it('writes as the same person', async () => {
    await laptop.send('All parties', 'from the laptop');
    for (const one of [red, blue]) {
      await one.sees('it', (seen) => seen.texts('All parties').includes('from the laptop'));
    }
    expect(red.messages('All parties').at(-1)).toMatchObject({ isMine: true, name: 'Rosa' });
    expect(blue.mission.people).toHaveLength(2);
  });

  it('takes over a name that was changed on the other, and neither argues', async () => {
    await laptop.client.setDisplayName('Rosa R.');
    for (const one of [red, blue]) {
      await one.sees('the name', ({ mission }) =>
        mission.people.some(({ name }) => name === 'Rosa R.'),
      );
    }
    expect(red.mission.me.name).toBe('Rosa R.');
    await red.send('All parties', 'after the name');
    await laptop.sees('it', (one) => one.texts('All parties').includes('after the name'));
    expect(laptop.mission.me.name).toBe('Rosa R.');
  });

  it('invites and admits, since it got the party’s key', async () => {
    const anna = await joinedBy(laptop, 'Anna');
    all.push(anna);
    await anna.sees('history', (one) => one.texts('All parties').includes('before the laptop'));
  });

  it('goes on while the first device is away, and after a restart', async () => {
    await red.stop();
    await laptop.restart();
    await laptop.send('All parties', 'the phone is off');
    await blue.sees('it', (one) => one.texts('All parties').includes('the phone is off'));
    await red.open();
    await red.sees('it', (one) => one.texts('All parties').includes('the phone is off'));
  });

  it('is retired by the first: it reads nothing that is said then, and its person goes on', async () => {
    const device = red.mission.devices.find(({ isThis }) => !isThis);
    await red.client.retireDevice(device?.id ?? '');
    expect(red.mission.devices).toHaveLength(1);
    await blue.sees('the retirement', () => true);
    await red.send('All parties', 'without the laptop');
    await blue.sees('it', (one) => one.texts('All parties').includes('without the laptop'));
    await laptop.sees('that it is out', ({ view }) => view.problem?.code === 'DEVICE_OUT', 45_000);
    expect(laptop.texts('All parties')).not.toContain('without the laptop');
  });
});

describe('a link', () => {
  it('ends on both devices when one says that it differs; nothing is handed over', async () => {
    for (const differs of ['new', 'old'] as const) {
      const fresh = await arrive('Bela’s phone');
      await compared(blue, fresh);
      await (differs === 'new' ? fresh : blue).client.compareDevices(false);
      await fresh.sees('the end', ({ view }) => view.linking?.step === 'ended');
      await blue.sees('the end', ({ mission }) => mission.linking?.step === 'ended');
      expect(fresh.view.linking?.problem?.code).toBe('LINK_DIFFERS');
      expect(blue.mission.linking?.problem?.code).toBe('LINK_DIFFERS');
      await blue.client.leaveLinking();
      await fresh.client.leaveLinking();
      expect(fresh.view.stage).toBe('welcome');
    }
    expect(blue.mission.devices).toHaveLength(1);
  });

  it('is cancelled on one device and ends on the other', async () => {
    const fresh = await arrive('Bela’s phone');
    await compared(blue, fresh);
    await blue.client.leaveLinking();
    await fresh.sees('the end', ({ view }) => view.linking?.problem?.code === 'LINK_CANCELLED');
    expect(blue.mission.linking).toBeUndefined();
  });

  it('hears the first scanner alone', async () => {
    const fresh = await arrive('Bela’s phone');
    await compared(blue, fresh);
    await red.client.linkDevice(fresh.view.linking?.code ?? '');
    await red.sees('the refusal', ({ mission }) => mission.linking?.step === 'ended');
    expect(red.mission.linking?.problem?.code).toBe('LINK_TAKEN');
    await red.client.leaveLinking();
    await blue.client.leaveLinking();
  });

  it('survives a box that is killed in the middle', async () => {
    const fresh = await arrive('Bela’s tablet');
    await compared(blue, fresh);
    await fresh.client.compareDevices(true);
    box.child.kill('SIGKILL');
    await box.ended;
    await blue.client.compareDevices(true);
    box = await BoxProcess.start(config, box.directory);
    await box.origin();
    await blue.sees('the end', ({ mission }) => mission.linking?.step === 'done', 60_000);
    await fresh.sees('history', (one) => one.texts('All parties').includes('before the laptop'));
    expect(blue.mission.devices).toHaveLength(2);
  }, 120_000);

  it('gives a member’s device no more than the member has', async () => {
    const tablet = all.at(-1);
    expect(tablet?.view.stage).toBe('mission');
    // Not said to go along, so the party's key stays where it was: this device admits nobody.
    expect(tablet && (await tablet.client.keyCard())).not.toBe(await blue.client.keyCard());
  });

  it('is refused with codes of another kind, and the code of a device is no way into a mission', async () => {
    const fresh = await arrive('somebody');
    const { link = '' } = await blue.client.invite('person', 1);
    await expect(blue.client.linkDevice(link)).rejects.toMatchObject({
      problem: { code: 'CODE_NO_DEVICE' },
    });
    const other = await arrive('somebody else');
    await other.client.linkThisDevice();
    await expect(fresh.client.enter(other.view.linking?.code ?? '')).rejects.toMatchObject({
      problem: { code: 'CODE_OF_DEVICE' },
    });
  });
});
