import { fromBase64 } from '#protocol/codec/text-form.ts';
import {
  checkErasure,
  erasureNumber,
  erasureText,
  readErasure,
  type Erasure,
} from '#protocol/export/erasure.ts';
import type { Engine } from '#protocol/ports.ts';
import { isAbout } from '#protocol/state/end.ts';
import type { CertificateView } from '../closing-model.ts';
import type { ClientProblem } from '../model.ts';
import { problem } from '../problem.ts';
import type { Vault } from '../vault.ts';
import { isEarned } from './earned.ts';
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
  #isEarned = false;
  #saidFalse = false;

  constructor(deps: CertificateDeps) {
    this.#deps = deps;
  }

  async open(): Promise<void> {
    const text = await this.#deps.vault.get<string>(key);
    const read = text === undefined ? undefined : readErasure(text);
    if (!read?.ok) return;
    this.#erasure = read.value;
    this.#isEarned = isEarned(this.#deps.voice.mission, read.value.c);
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
    const judged = isOurs && isSame ? await this.#judge(erasure) : 'false';
    if (judged === 'false') {
      if (!this.#saidFalse) onProblem(problem('CERTIFICATE_FALSE'));
      this.#saidFalse = true;
      return false;
    }
    await vault.write([{ key, value: erasureText(erasure) }]);
    this.#erasure = erasure;
    this.#isEarned = judged === 'earned';
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
    const { state } = this.#deps.voice;
    const slotOf = (party: string): number[] => {
      const slot = state.parties.get(party)?.slot;
      return slot === undefined ? [] : [slot];
    };
    const receipts = c.receipts.flatMap((sid) => {
      const held = state.end.receipts.get(sid);
      return held && isAbout(held, c) ? held.party : [];
    });
    const inOrder = (slots: number[]): number[] => [...new Set(slots)].sort((a, b) => a - b);
    return {
      number: erasureNumber(this.#erasure),
      medium: c.medium,
      files: c.erased.reduce((sum, [, entries]) => sum + entries, 0),
      bytes: c.erased.reduce((sum, [, , bytes]) => sum + bytes, 0),
      isProven: c.unseen.length === 0,
      isEarned: this.#isEarned,
      receipts: inOrder(receipts.flatMap(slotOf)),
      excused: inOrder(c.excused.flatMap(slotOf)),
      atMs: c.when * 1000,
    };
  }

  /**
   * With the commits that the certificate brings, this device sees what the box saw: `false` if
   * they do not earn the wipe, `unknown` if what they rest on never came here.
   */
  async #judge({ c }: Erasure): Promise<'earned' | 'unknown' | 'false'> {
    const { mission } = this.#deps.voice;
    const raws = c.commits.flatMap((text) => fromBase64(text) ?? []);
    const { missing, no } = await mission.take(raws, []);
    if (no.length > 0) return 'false';
    if (isEarned(mission, c)) return 'earned';
    return missing.parents.length > 0 ? 'unknown' : 'false';
  }
}
