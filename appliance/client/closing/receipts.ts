import { toB64u } from '#protocol/codec/text-form.ts';
import { challengeOf, possession } from '#protocol/export/possession.ts';
import type { Engine, FileHashes } from '#protocol/ports.ts';
import { agreementOf, noncesFor, receiptOf, requiredUnits } from '#protocol/state/end.ts';
import { receiptMessage } from '#protocol/state/kinds/receipt.ts';
import type { Dispute } from '#protocol/state/end.ts';
import type { Problem } from '../model.ts';
import { problem, problemOf } from '../problem.ts';
import type { Vault } from '../vault.ts';
import type { LastSync } from './last-sync.ts';
import type { RecordCopy } from './record-copy.ts';
import { proofOfTwo } from './two-records.ts';
import type { Voice } from './voice.ts';

export interface ReceiptsDeps {
  engine: Engine;
  hashes: FileHashes;
  vault: Vault;
  voice: Voice;
  sync: LastSync;
  copy: RecordCopy;
}

/** That this person wants the receipt signed, and the proof against a box of two records. */
const wishKey = 'end/wish';
const proofKey = 'end/proof';

/** What a lead says about the record for its party: agreement, receipt, dispute (T3–T5). */
export class Receipts {
  readonly #deps: ReceiptsDeps;
  #isWanted = false;
  #proof: string | undefined;

  constructor(deps: ReceiptsDeps) {
    this.#deps = deps;
  }

  async open(): Promise<void> {
    const { vault } = this.#deps;
    this.#isWanted = (await vault.get<true>(wishKey)) ?? false;
    this.#proof = await vault.get<string>(proofKey);
  }

  /** Two records of one box, both signed; from then on nothing is signed here. */
  get proof(): string | undefined {
    return this.#proof;
  }

  /** What keeps this person from signing, in words; undefined if nothing does. */
  get problem(): Problem | undefined {
    return this.#proof === undefined ? undefined : problemOf('RECORD_TWO');
  }

  /** The own party's receipt. */
  get state(): 'none' | 'wanted' | 'signed' {
    if (this.#isSigned) return 'signed';
    return this.#isWanted ? 'wanted' : 'none';
  }

  get canSign(): boolean {
    const { copy, voice } = this.#deps;
    const isFree = !this.#isSigned && !this.#isWanted && this.#proof === undefined;
    return isFree && voice.isClosed && voice.isLead && copy.isHeld;
  }

  /** The receipt goes out as soon as every other party that is waited for has the record too. */
  async sign(): Promise<void> {
    const { copy, vault, voice } = this.#deps;
    voice.mustLead();
    if (this.#proof !== undefined) throw problem('RECORD_TWO');
    if (!copy.isHeld) throw problem('RECORD_NONE');
    if (this.#isSigned || this.#isWanted) return;
    await vault.write([{ key: wishKey, value: true }]);
    this.#isWanted = true;
  }

  /** The wipe waits until a receipt of this party settles it. */
  async dispute(why: Dispute['why']): Promise<void> {
    const { vault, voice } = this.#deps;
    voice.mustLead();
    const isSaid = this.#ownDisputes().some((held) => held.why === why);
    // Whoever says that something is wrong does not sign by an older wish.
    const unwish = { key: wishKey };
    if (isSaid) await vault.write([unwish]);
    else await voice.say('dispute', { why }, [unwish]);
    this.#isWanted = false;
  }

  /** Says by itself what is due. Only ever once at a time. */
  async tend(): Promise<void> {
    const { voice } = this.#deps;
    if (!voice.isClosed) return;
    await this.#lookForTwo();
    if (!voice.isLead) return;
    // Also with a proof: so the other record stands in the mission, for all to see.
    await this.#agree();
    if (this.#proof === undefined) await this.#receipt();
  }

  async #lookForTwo(): Promise<void> {
    if (this.#proof !== undefined) return;
    const { copy, engine, vault, voice } = this.#deps;
    const proposed = [copy.offer, copy.other].flatMap((offer) => offer ?? []);
    const proof = await proofOfTwo(engine, voice, proposed);
    if (proof === undefined) return;
    await vault.write([{ key: proofKey, value: proof }, { key: wishKey }]);
    this.#proof = proof;
    this.#isWanted = false;
  }

  async #agree(): Promise<void> {
    const { copy, sync, voice } = this.#deps;
    const { offer } = copy;
    const { nonce } = sync;
    if (!offer || !copy.isHeld || nonce === undefined) return;
    if (agreementOf(voice.state, voice.party, offer)) return;
    const { h, r, s } = offer;
    await voice.say('agree', { h, n: nonce, r, s });
  }

  async #receipt(): Promise<void> {
    const { copy, vault, voice } = this.#deps;
    const { offer } = copy;
    if (!this.#isWanted || !offer || !copy.isHeld) return;
    const { party, state } = voice;
    const needed = [...new Set([party, ...requiredUnits(state)])];
    if (needed.some((unit) => !agreementOf(state, unit, offer))) return;
    if (this.#isSigned) {
      await vault.write([{ key: wishKey }]);
    } else {
      const nonces = noncesFor(state, party, offer);
      const p = await this.#possession(nonces);
      const now = noncesFor(voice.state, party, offer);
      // Somebody agreed meanwhile, and is asked about in the next round.
      if (now.map(toB64u).join() !== nonces.map(toB64u).join()) return;
      const { h, r } = offer;
      const message = receiptMessage(voice.mission.cid, { h, p, r });
      const s = toB64u(await voice.self.member.sign('swarm-receipt-v1', message));
      await voice.say('receipt', { h, p, r, s }, [{ key: wishKey }]);
    }
    this.#isWanted = false;
  }

  /** T5: an answer that only somebody with every byte of the record can give. */
  async #possession(nonces: readonly Uint8Array[]): Promise<string> {
    const { copy, hashes, voice } = this.#deps;
    const challenge = challengeOf(voice.party, nonces);
    return toB64u(await copy.use((bytes) => possession(hashes, challenge, bytes)));
  }

  get #isSigned(): boolean {
    const { copy, voice } = this.#deps;
    if (!copy.offer || !voice.isClosed || this.#ownDisputes().length > 0) return false;
    return receiptOf(voice.state, voice.party, copy.offer) !== undefined;
  }

  #ownDisputes(): Dispute[] {
    const { party, state } = this.#deps.voice;
    return [...state.end.disputes.values()].filter(
      (held) => held.party === party && !held.isSettled,
    );
  }
}
