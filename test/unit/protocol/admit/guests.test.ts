import { expect, test } from 'vitest';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { shareTo } from '#protocol/keys/giving.ts';
import { statusOf } from '#protocol/state/child-state.ts';
import { leadsMessage } from '#protocol/state/kinds/leads.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { admitted, further } from '../../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';
import { scanner, sheet } from '../../../support/swarm-simulator/ticket.ts';
import { vote } from '../../../support/swarm-simulator/vote.ts';

type Args = { [key: string]: Json };

async function cast(more: object = {}) {
  const sim = await roomOf(['a@pa', 'b@pb', 'c@pb'], { guests: 'member', hist: 'join', ...more });
  const [a, b, c] = sim.people as [SimDevice, SimDevice, SimDevice];
  await a.say(sim.room, 'before the guest');
  const guest = await admitted(a, 'gina@pa', [sim.room]);
  await sync(a, b, c, guest);
  return { sim, a, b, c, guest };
}

/** Cuts the history and brings the guest in, with the key since then. */
async function bring(sim: SimRoom, host: SimDevice, guest: SimDevice): Promise<void> {
  await host.rotate(sim.room, 'guest', true);
  await host.add(sim.room, guest.keys.mfp);
  await guest.pull(host);
  await guest.write(guest.room(sim.room), 'join', {});
  await host.pull(guest);
}

const refusal = async (by: SimDevice, sim: SimRoom, seer: SimDevice, k: string, x: Args) =>
  verdict(sim.of(seer), await forge(by, by.room(sim.room), { k, x }));

test('M12: a guest reads and writes in the conversation that the certificate names, from then on', async () => {
  const { a, guest, sim } = await cast();
  await bring(sim, a, guest);
  await guest.say(sim.room, 'good evening');
  await a.pull(guest);
  expect(await a.read(sim.room)).toContain('good evening');
  await a.say(sim.room, 'welcome');
  await guest.pull(a);
  expect(await guest.read(sim.room)).toContain('welcome');
  expect(await guest.read(sim.room)).not.toContain('before the guest');
  await guest.write(guest.room(sim.room), 'leave');
});

test('K17: before a guest comes in, the one who brings it cuts the history, and gives no older key', async () => {
  const { a, guest, sim } = await cast();
  await expect(a.add(sim.room, guest.keys.mfp)).rejects.toThrow('K17');
  await a.rotate(sim.room, 'guest');
  await expect(a.add(sim.room, guest.keys.mfp)).rejects.toThrow('K17');
  await a.rotate(sim.room, 'guest', true);
  await a.say(sim.room, 'already written under it');
  await expect(a.add(sim.room, guest.keys.mfp)).rejects.toThrow('K17');
  await a.rotate(sim.room, 'guest', true);
  await a.add(sim.room, guest.keys.mfp);
});

test('M12, K18: nobody gives a guest a key of what was before', async () => {
  const { a, guest, sim } = await cast();
  const old = [...sim.of(a).view().state.newest];
  await bring(sim, a, guest);
  const { mission } = sim.of(a).view();
  const share = (eids: readonly string[]) =>
    shareTo(a.engine, mission, a.ring(sim.room), guest.keys.dfp, eids) as unknown as Args;
  await expect(a.write(sim.of(a), 'share', share(old))).rejects.toThrow('M12');
  await a.write(sim.of(a), 'share', share(sim.of(a).view().state.newest));
});

test('M12: a guest never votes, invites, shares or writes keys, nor becomes an admin', async () => {
  const { a, b, c, guest, sim } = await cast();
  await bring(sim, a, guest);
  await sync(a, b, guest);
  const x = guest.epochArguments(sim.room) as unknown as Args;
  expect(await refusal(guest, sim, b, 'epoch', x)).toBe('M12');
  expect(await refusal(guest, sim, b, 'add', { m: c.keys.mfp, r: 'member' })).toBe('M12');
  const ban = { a: 'ban', basis: [], c: 'member', ch: 'for', u: b.keys.mfp };
  expect(await refusal(guest, sim, b, 'vote', ban)).toBe('M12');
  const newest = sim.of(guest).view().state.newest;
  const share = shareTo(guest.engine, sim.of(guest).view().mission, guest.ring(sim.room), b.keys.dfp, newest); // prettier-ignore
  expect(await refusal(guest, sim, b, 'share', share as unknown as Args)).toBe('M12');
  await expect(vote(b, sim.of(b), { a: 'promote', c: 'member', u: guest.keys.mfp })).rejects.toThrow('M12'); // prettier-ignore
});

test('M12: guests come only where the conversation takes them, by whom it says, and whom it is named for', async () => {
  const { a, b, c, guest, sim } = await cast({ guests: 'admin', mode: 2 });
  await c.rotate(sim.room, 'guest', true);
  await expect(c.add(sim.room, guest.keys.mfp)).rejects.toThrow('M12');
  const elsewhere = await admitted(a, 'hugo@pa', [sim.cid]);
  await sync(a, b, c, elsewhere);
  await a.rotate(sim.room, 'guest', true);
  await expect(a.add(sim.room, elsewhere.keys.mfp)).rejects.toThrow('M12');
  await a.rotate(sim.room, 'guest', true);
  await a.add(sim.room, guest.keys.mfp);
  const plain = await roomOf(['a@pa', 'b@pb'], { hist: 'join' });
  const [host] = plain.people as [SimDevice];
  const other = await admitted(host, 'ida@pa', [plain.room]);
  await host.rotate(plain.room, 'guest', true);
  await expect(host.add(plain.room, other.keys.mfp)).rejects.toThrow('M12');
  expect(statusOf(sim.of(a).view().state, a.mission.view().state, guest.keys.mfp)).toBe('invited');
});

test('M12: a guest founds no conversation and leads no party', async () => {
  const { a, guest, sim } = await cast();
  const founders = [a.keys.mfp, guest.keys.mfp];
  await expect(a.begin(founders)).rejects.toThrow('M12');
  await expect(a.begin([a.keys.mfp], { guests: 'admin', hist: 'all' })).rejects.toThrow('M12');
  const said = { m: [guest.keys.mfp], n: 1, p: a.keys.pfp };
  const s = await a.keys.party.sign('swarm-cert-v1', leadsMessage(sim.cid, said));
  await expect(a.write(a.mission, 'leads', { ...said, s: toB64u(s) })).rejects.toThrow('M12');
  await further(guest, 'gina2@pa');
});

test('M12, J5: a guest ticket lets in guests of its conversations, and nobody else', async () => {
  const { a, sim } = await cast();
  const one = await sheet(a, 'guests', { kind: 'guest', rooms: [sim.room], uses: 4 });
  const person = await scanner('p@pa', a, one);
  await expect(person.join()).rejects.toThrow('J5');
  const guest = await scanner('q@pa', a, one, [sim.room]);
  await guest.join();
  const other = await scanner('r@pa', a, one, [sim.cid]);
  await expect(other.join()).rejects.toThrow('J5');
  await a.pull(guest.device);
  await bring(sim, a, guest.device);
  await guest.device.say(sim.room, 'by a sheet on the door');
});
