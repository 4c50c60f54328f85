import { nodeEngine } from '#kernel/node-engine.ts';
import { nodeHashes } from '#kernel/node-hashes.ts';
import type { Json } from '#protocol/codec/canonical-json.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { memberFingerprint, partyFingerprint } from '#protocol/codec/fingerprint.ts';
import { H } from '#protocol/codec/hash.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { challengeOf, possession } from '#protocol/export/possession.ts';
import { bytesInMemory } from '#protocol/export/record-bytes.ts';
import { agreementOf, noncesFor } from '#protocol/state/end.ts';
import { receiptMessage } from '#protocol/state/kinds/receipt.ts';
import type { EndBox } from './end-box.ts';
import type { Founder, PaperFounding } from './founders.ts';
import { PaperDevice, type PushAnswer } from './paper-device.ts';
import { foundMission, type SwarmBox } from './swarm-box.ts';

/** The lead of a party, with all keys, and a box that hears what it says. */
export class EndPerson {
  readonly device: PaperDevice;
  readonly founder: Founder;
  readonly nonce = nodeEngine.random(32);
  readonly #box: () => EndBox;

  constructor(device: PaperDevice, founder: Founder, box: () => EndBox) {
    this.device = device;
    this.founder = founder;
    this.#box = box;
  }

  get caller(): PaperDevice['caller'] {
    return this.device.caller;
  }

  /** Says something in the mission on everything that the box has; throws when it is refused. */
  async say(k: string, x: { [key: string]: Json }): Promise<Commit> {
    const cid = this.device.missionCid;
    await this.device.sync(cid);
    const commit = await this.device.write(cid, { k, x });
    const answer = await this.device.push(cid, [commit]);
    if (!answer.isFine) throw new Error(answer.code);
    const { no, ok } = answer.json as PushAnswer;
    if (!ok.includes(commit.sid)) throw new Error(JSON.stringify(no));
    return commit;
  }

  /** Says that the mission shall end. */
  vote(): Promise<Commit> {
    return this.say('vote', { ...this.#motion, ch: 'for' });
  }

  /** Writes down that these ballots carry it. */
  resolve(votes: readonly Commit[]): Promise<Commit> {
    return this.say('resolve', { ...this.#motion, votes: votes.map(({ sid }) => sid).sort() });
  }

  get #motion() {
    return { a: 'close', basis: [], c: 'swarm', u: this.device.missionCid };
  }

  /** The last number of this device in each conversation. */
  async final(): Promise<Commit> {
    return this.say('final', { n: toB64u(H('nonce', this.nonce)), q: [] });
  }

  /** Agrees to what the box proposes. */
  async agree(): Promise<Commit> {
    const { record } = await this.#box().state(this.caller);
    if (!record) throw new Error('there is no record');
    const { h, r, s } = record;
    return this.say('agree', { h, n: toB64u(this.nonce), r, s });
  }

  /** Signs for the record as the box gives it, or for these bytes; `spoil` changes the possession. */
  async receipt(
    spoil: (p: Uint8Array) => Uint8Array = (p) => p,
    had?: Uint8Array,
  ): Promise<Commit> {
    const { device } = this;
    await device.sync(device.missionCid);
    const { party } = this.caller;
    const { state } = device.mission.view();
    const bytes = had ?? (await this.#box().record(this.caller)).bytes;
    const agreed = agreementOf(state, party);
    if (!agreed) throw new Error('nothing was agreed to');
    const { h, r } = agreed;
    const challenge = challengeOf(party, noncesFor(state, party, agreed));
    const p = toB64u(spoil(await possession(nodeHashes, challenge, bytesInMemory(bytes))));
    const message = receiptMessage(device.missionCid, { h, p, r });
    const s = toB64u(await this.founder.member.sign('swarm-receipt-v1', message));
    return this.say('receipt', { h, p, r, s });
  }

  elapsed(of: EndPerson): Promise<Commit> {
    return this.say('elapsed', { p: of.caller.party });
  }
}

/** A mission on a fresh box, with the box recorded; its founders. */
export async function foundOn(box: () => EndBox, paper: PaperFounding): Promise<EndPerson[]> {
  // The founding needs the doors of a box, its cid, and nothing else of it.
  const devices = await foundMission(box() as unknown as SwarmBox, paper);
  const people = paper.founders.map((founder) => {
    const member = memberFingerprint(founder.member.publicKey);
    const party = partyFingerprint(founder.party.publicKey);
    const caller = { member, party };
    const missionCid = devices[0]?.missionCid ?? '';
    const device = new PaperDevice(founder.device, caller, missionCid, () => box().doors);
    return new EndPerson(device, founder, box);
  });
  await people[0]?.say('box', { bk: toB64u(box().identity.publicKey) });
  return people;
}

/** A conversation of all, with a key and some messages. */
export async function talk(
  people: readonly EndPerson[],
  texts: readonly string[],
): Promise<string> {
  const [first, ...others] = people as [EndPerson, ...EndPerson[]];
  await first.device.sync(first.device.missionCid);
  const { cid, genesis } = await first.device.begin(people.map(({ caller }) => caller.member));
  await first.device.create([genesis]);
  for (const { device } of others) {
    await device.sync(device.missionCid);
    await device.sync(cid);
    await device.push(cid, [await device.write(cid, { k: 'join', x: {} })]);
  }
  await first.device.sync(cid);
  const said = [await first.device.epoch(cid)];
  for (const text of texts) said.push(await first.device.say(cid, text));
  await first.device.push(cid, said);
  return cid;
}

/** The vote of all, and every device's last word. */
export async function closeAll(people: readonly EndPerson[]): Promise<void> {
  const votes: Commit[] = [];
  for (const one of people) votes.push(await one.vote());
  await people[0]?.resolve(votes);
  for (const one of people) await one.final();
}
