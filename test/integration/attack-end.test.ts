import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { toB32 } from '#protocol/codec/text-form.ts';
import { EndBox } from '../support/end-box.ts';
import { closeAll, foundOn, talk, type EndPerson } from '../support/end-people.ts';
import { paperFounding } from '../support/founders.ts';
import { roomOnDisk } from '../support/swarm-box.ts';

/** Largest certificate that a device takes. */
const largestCertificate = 16_777_216;
let room: Awaited<ReturnType<typeof roomOnDisk>>;
let box: EndBox;
let red: EndPerson;
let blue: EndPerson;

beforeEach(async () => {
  room = await roomOnDisk();
  box = await EndBox.start(join(room.path, 'data'));
  [red, blue] = (await foundOn(() => box, await paperFounding(2))) as [EndPerson, EndPerson];
  await talk([red, blue], ['one']);
  await closeAll([red, blue]);
  await box.reaches(red.caller, 'ready');
});
afterEach(async () => {
  await box.close();
  await room.remove();
});

/** Two hundred and fifty-six conversations that nobody ever saw, as a `final` may name them. */
function claims(salt: number): [cid: string, q: number][] {
  const cid = (n: number): string => toB32(new Uint8Array(32).map((_, i) => n + i * salt));
  const names = Array.from({ length: 256 }, (_, n) => cid(n));
  return [...new Set(names)].sort().map((name, n) => [name, Number.MAX_SAFE_INTEGER - n]);
}

describe('a party that floods the mission after the sealing', () => {
  test('is stopped long before the certificate is one that nobody takes', async () => {
    const { device } = red;
    const cid = device.missionCid;
    await device.sync(cid);
    const said: Commit[] = [];
    let code = '';
    for (let salt = 1; code === '' && said.length < 400; salt += 1) {
      const batch: Commit[] = [];
      for (let n = 0; n < 10; n += 1) {
        batch.push(await device.write(cid, { k: 'final', x: { q: claims(salt) } }));
      }
      said.push(...batch);
      ({ code } = await device.push(cid, batch));
      box.clock.pass(3_600_000);
    }
    expect(code).toBe('SWARM_SHARE_USED');
    const later = await box.doors.ask('GET', '/v1/end/receipt', { caller: red.caller });
    expect(later.bytes.length).toBeGreaterThan(1_000_000);
    expect(later.bytes.length).toBeLessThan(largestCertificate / 2);
    // The others are not held up by it.
    await blue.agree();
    expect((await box.state(blue.caller)).waits).toContain(blue.caller.party);
  }, 120_000);
});
