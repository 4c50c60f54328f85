import type { Json } from '#protocol/codec/canonical-json.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { H } from '#protocol/codec/hash.ts';
import { toB64u, toHex } from '#protocol/codec/text-form.ts';
import { seedSigner, type Signer } from '#protocol/crypto/sign.ts';
import type { RecordName } from '#protocol/state/end.ts';
import { recordMessage } from '#protocol/state/kinds/agree.ts';
import { receiptMessage } from '#protocol/state/kinds/receipt.ts';
import { seedOf } from '../people.ts';
import { sync, type SimDevice } from './device.ts';
import { mission, type SimMission } from './mission.ts';
import { resolve, vote } from './vote.ts';

type Args = { [key: string]: Json };

/** A mission whose parties have decided to close it. */
export interface SimEnd extends SimMission {
  people: SimDevice[];
  box: Signer;
}

/** Founds, records the box, and closes by the votes of the first person of each party. */
export async function closed(...names: string[]): Promise<SimEnd> {
  const sim = await mission(...names);
  const people = names.map((name) => sim.device(name));
  const box = seedSigner(seedOf('the box'));
  const [first] = people as [SimDevice];
  await first.write(first.mission, 'box', { bk: toB64u(box.publicKey) });
  await sync(...people);
  await close(sim.cid, people);
  return { ...sim, people, box };
}

/** All parties vote, one lead writes it down, everybody hears of it. */
export async function close(cid: string, people: readonly SimDevice[]): Promise<Commit> {
  const motion = { a: 'close', c: 'swarm', u: cid };
  const leads = [...Map.groupBy(people, ({ keys }) => keys.pfp).values()].map(
    ([lead]) => lead as SimDevice,
  );
  const votes: Commit[] = [];
  for (const lead of leads) votes.push(await vote(lead, lead.mission, motion));
  await sync(...leads);
  const [first] = leads as [SimDevice];
  const commit = await resolve(first, first.mission, motion, votes);
  await sync(...people);
  return commit;
}

/** A record that a number names. */
export function recordNamed(n: number): RecordName {
  return { h: toHex(H('record', `file ${n}`)), r: toB64u(H('record', `root ${n}`)) };
}

/** The nonce that a lead's device has drawn. */
export function nonceOf(device: SimDevice): Uint8Array {
  return seedOf(`${device.name} nonce`);
}

/** Arguments of a lead's `final`. */
export function finalOf(device: SimDevice, more: Args = {}): Args {
  return { n: toB64u(H('nonce', nonceOf(device))), q: [], ...more };
}

/** Arguments of an `agree` to what this box has proposed. */
export async function agreementTo(
  { box, cid }: Pick<SimEnd, 'box' | 'cid'>,
  device: SimDevice,
  record: RecordName,
): Promise<Args> {
  const s = await box.sign('parley-box-v1', recordMessage(cid, record));
  return { ...record, n: toB64u(nonceOf(device)), s: toB64u(s) };
}

/** Arguments of a `receipt`, with a possession that nobody computes here. */
export async function receiptFor(
  { cid }: Pick<SimEnd, 'cid'>,
  device: SimDevice,
  record: RecordName,
): Promise<Args> {
  const p = toB64u(H('challenge', device.name, record.h));
  const s = await device.keys.member.sign(
    'swarm-receipt-v1',
    receiptMessage(cid, { ...record, p }),
  );
  return { ...record, p, s: toB64u(s) };
}
