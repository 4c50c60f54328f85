import { fromBase64 } from '#protocol/codec/text-form.ts';
import {
  checkErasure,
  erasureNumber,
  erasureText,
  readErasure,
  type Erasure,
} from '#protocol/export/erasure.ts';
import type { Engine } from '#protocol/ports.ts';
import { isAbout, isReadyForWipe } from '#protocol/state/end.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import type { CertificateView } from '../closing-model.ts';
import type { ClientProblem } from '../model.ts';
import { problem } from '../problem.ts';
import type { Vault } from '../vault.ts';
import type { EndDoor } from './end-door.ts';
import type { RecordCopy } from './record-copy.ts';
import type { Voice } from './voice.ts';

export interface CertificateDeps {
  engine: Engine;
  vault: Vault;
  voice: Voice;
  copy: RecordCopy;
  door: EndDoor;
  onProblem(told: ClientProblem): void;
}

const key = 'end/certificate';

/** The certificate of erasure of this mission: looked for at an open door, checked, kept here. */
export class Certificate {
  readonly #deps: CertificateDeps;
  #erasure: Erasure | undefined;
  #saidFalse = false;

  constructor(deps: CertificateDeps) {
    this.#deps = deps;
  }

  async open(): Promise<void> {
    const text = await this.#deps.vault.get<string>(key);
    const read = text === undefined ? undefined : readErasure(text);
    if (read?.ok) this.#erasure = read.value;
  }

  /** Whether it is here: the box has no more of this mission, and nothing is to be asked of it. */
  get isHere(): boolean {
    return this.#erasure !== undefined;
  }

  /**
   * Asks whoever answers for the box; true if it is here now. The box may have another identity by
   * then, so nothing but the signature of the box of this mission counts.
   */
  async look(signal: AbortSignal): Promise<boolean> {
    if (this.#erasure) return true;
    const { copy, door, engine, onProblem, vault, voice } = this.#deps;
    const bytes = await door.certificate(signal);
    const read = bytes && readErasure(bytes);
    // None, or that of another mission: this one is not wiped.
    if (!read?.ok || read.value.c.cid !== voice.mission.cid) return false;
    const erasure = read.value;
    const { ok: isSigned } = await checkErasure(engine, erasure);
    const isOurs = isSigned && voice.isBox(erasure.bk);
    const isSame = !copy.offer || isAbout(copy.offer, erasure.c);
    if (!isOurs || !isSame || !(await this.#isEarned(erasure))) {
      if (!this.#saidFalse) onProblem(problem('CERTIFICATE_FALSE'));
      this.#saidFalse = true;
      return false;
    }
    await vault.write([{ key, value: erasureText(erasure) }]);
    this.#erasure = erasure;
    return true;
  }

  /** As the box signed it. Rejects with `CERTIFICATE_NONE`. */
  text(): string {
    if (!this.#erasure) throw problem('CERTIFICATE_NONE');
    return erasureText(this.#erasure);
  }

  view(): CertificateView | undefined {
    if (!this.#erasure) return undefined;
    const { c } = this.#erasure;
    const { mission, state } = this.#deps.voice;
    const slotOf = (party: string): number[] => {
      const slot = state.parties.get(party)?.slot;
      return slot === undefined ? [] : [slot];
    };
    const receipts = c.receipts.flatMap((sid) => mission.replica.op(sid)?.author.party ?? []);
    const inOrder = (slots: number[]): number[] => [...new Set(slots)].sort((a, b) => a - b);
    return {
      number: erasureNumber(this.#erasure),
      medium: c.medium,
      files: c.erased.reduce((sum, [, entries]) => sum + entries, 0),
      bytes: c.erased.reduce((sum, [, , bytes]) => sum + bytes, 0),
      isProven: c.unseen.length === 0,
      receipts: inOrder(receipts.flatMap(slotOf)),
      excused: inOrder(c.excused.flatMap(slotOf)),
      atMs: c.when * 1000,
    };
  }

  /**
   * Whether the wipe rests on receipts (T7): with the commits that the certificate brings, this
   * device sees what the box saw. One that was away for too long cannot judge, and says nothing.
   */
  async #isEarned({ c }: Erasure): Promise<boolean> {
    const { mission } = this.#deps.voice;
    const raws = c.commits.flatMap((text) => fromBase64(text) ?? []);
    const { missing, no } = await mission.take(raws, []);
    if (no.length > 0) return false;
    if (missing.parents.length > 0) return true;
    const { state } = this.#deps.voice;
    const about = (sid: string): boolean => isListed(state, sid, c);
    return c.receipts.every(about) && isReadyForWipe(state, c);
  }
}

function isListed({ end }: MissionState, sid: string, record: { h: string; r: string }): boolean {
  const held = end.receipts.get(sid);
  return held !== undefined && isAbout(held, record);
}
