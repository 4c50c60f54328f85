import { expect, it } from 'vitest';
import { LocalSwarm } from '#client/local-swarm.ts';
import { Vault } from '#client/vault.ts';
import { MemoryKeys } from '../../support/client/memory-keys.ts';
import { MemoryStorage } from '../../support/client/memory-storage.ts';
import type { SimDevice } from '../../support/swarm-simulator/device.ts';
import { further } from '../../support/swarm-simulator/mission.ts';
import { roomOf } from '../../support/swarm-simulator/room.ts';

it('a device that knows more heads than a commit can name merges first, and keeps both on disk (§9.5, S38)', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue']);
  const [alice, bob] = sim.people as [SimDevice, SimDevice];
  const devices = [alice, bob];
  for (let i = 1; i < 8; i++) devices.push(await further(alice, `alice${i}@red`));
  const tablet = await further(bob, 'tablet@blue');
  for (const one of devices) await one.rotate(sim.room);
  for (const one of devices) await tablet.pull(one);
  const replica = sim.of(tablet);
  expect(replica.heads).toHaveLength(9);
  const storage = new MemoryStorage();
  const swarm = new LocalSwarm({
    cid: sim.room,
    replica,
    repository: await storage.repository(sim.room),
    vault: new Vault(storage.records, new MemoryKeys()),
    signer: tablet.keys.device,
    dfp: tablet.keys.dfp,
  });
  const places: number[] = [];
  const written = await swarm.write(({ q }) => {
    places.push(q);
    return Promise.resolve({ proposal: { k: 'leave', d: tablet.keys.dfp, seconds: 0 } });
  });
  expect(places).toEqual([0, 1]);
  expect(written.envelope.q).toBe(1);
  expect(swarm.outbox.pending.map(({ q }) => q)).toEqual([0, 1]);
  expect(replica.heads.map(({ sid }) => sid)).toEqual([written.sid]);
  const kinds = swarm.outbox.pending.map(({ sid }) => replica.op(sid)?.envelope.k);
  expect(kinds).toEqual(['merge', 'leave']);
});
