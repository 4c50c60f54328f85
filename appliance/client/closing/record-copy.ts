import { checkProposal } from '#protocol/export/proposal.ts';
import { hashOf } from '#protocol/export/read-record.ts';
import { piecesOf } from '#protocol/export/record-bytes.ts';
import type { Engine } from '#protocol/ports.ts';
import type { RecordView } from '../closing-model.ts';
import type { FilePlatform } from '../files/ports.ts';
import { ClientProblem } from '../model.ts';
import type { Clock } from '../ports.ts';
import { problem, problemOf, shown, type ProblemCode } from '../problem.ts';
import type { Rooms } from '../rooms.ts';
import type { Vault } from '../vault.ts';
import type { EndDoor, Offer } from './end-door.ts';
import { persist } from './persist.ts';
import { judgeRecord, type Judgement } from './record-judge.ts';
import { RecordParts } from './record-parts.ts';
import type { Voice } from './voice.ts';

export interface RecordCopyDeps {
  engine: Engine;
  clock: Clock;
  vault: Vault;
  files: FilePlatform;
  rooms: Rooms;
  /** Addresses of files that the box had whole, as this device saw. */
  filesOnBox(): ReadonlySet<string>;
  voice: Voice;
  door: EndDoor;
  onChange(): void;
  onProblem(told: ClientProblem): void;
}

/** What the vault keeps of the record on this device. */
interface Kept {
  /** The first record that the box proposed to this device; never replaced. */
  offer: Offer;
  /** Another one that it signed too: proof against it. */
  other?: Offer;
  state: RecordView['state'];
  /** How many commits of conversations it was held against. */
  known?: number;
  found?: NonNullable<RecordView['found']>;
  code?: ProblemCode;
}

const key = 'end/record';

/** The record on this device: offered by the box, fetched in parts, checked before it counts. */
export class RecordCopy {
  readonly #deps: RecordCopyDeps;
  #kept: Kept | undefined;
  #progress = { done: 0, total: 0 };
  #fetching: Promise<void> | undefined;
  #saidUnproven = false;

  constructor(deps: RecordCopyDeps) {
    this.#deps = deps;
  }

  async open(): Promise<void> {
    this.#kept = await this.#deps.vault.get<Kept>(key);
    const { offer } = this;
    if (offer) this.#progress = { done: await this.#parts(offer).have(), total: offer.size };
  }

  /** The record that the box proposed, by its own signature. */
  get offer(): Offer | undefined {
    return this.#kept?.offer;
  }

  /** Another record that the box proposed to this device. */
  get other(): Offer | undefined {
    return this.#kept?.other;
  }

  /** Whether it is here, whole, and lacks nothing. */
  get isHeld(): boolean {
    return this.#kept?.state === 'held';
  }

  view(): RecordView | undefined {
    const kept = this.#kept;
    if (!kept) return undefined;
    const { code, found, offer, state } = kept;
    const isUnderWay = state === 'saving' || state === 'checking';
    const whole = state === 'none' ? 0 : offer.size;
    return {
      fingerprint: (offer.h.slice(0, 12).match(/.{4}/gu) ?? []).join(' '),
      size: offer.size,
      state,
      ...(isUnderWay ? this.#progress : { done: whole, total: offer.size }),
      ...(found && { found }),
      ...(code !== undefined && { problem: problemOf(code) }),
    };
  }

  /** Takes what the box proposes, if it signed it. A second one is kept beside the first. */
  async propose(offer: Offer): Promise<void> {
    const { engine, onProblem, voice } = this.#deps;
    const { offer: first, other } = this;
    if (first && isSame(first, offer)) return this.#resize(offer);
    if (other && isSame(other, offer)) return;
    const { boxKey, mission } = voice;
    const { h, r, s } = offer;
    const isProven =
      boxKey !== undefined && (await checkProposal(engine, boxKey, { cid: mission.cid, h, r, s }));
    if (!isProven) {
      if (!this.#saidUnproven) onProblem(problem('RECORD_UNPROVEN'));
      this.#saidUnproven = true;
      return;
    }
    const kept = this.#kept;
    await this.#keep(kept ? { ...kept, other: offer } : { offer, state: 'none' });
  }

  /** Checks once more what is held if more came here since: it may be missing in it (T3). */
  async tend(signal: AbortSignal): Promise<void> {
    const kept = this.#kept;
    if (kept?.state !== 'held' || kept.known === this.#known) return;
    await this.#step(kept, 'checking');
    void this.resume(signal);
  }

  /**
   * Fetches what is missing and checks it; goes on from what is here. Resolves when it is held,
   * rejects with why it cannot be. After `damaged` it begins anew.
   */
  fetch(signal: AbortSignal): Promise<void> {
    if (this.isHeld) return Promise.resolve();
    this.#fetching ??= this.#fetch(signal).finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  /** Goes on with what a closed page has left. */
  async resume(signal: AbortSignal): Promise<void> {
    const state = this.#kept?.state;
    if (state !== 'saving' && state !== 'checking') return;
    // What went wrong stands beside the record.
    await this.fetch(signal).catch(() => undefined);
  }

  /** Resolves when nothing is being fetched any more. */
  async settled(): Promise<void> {
    await this.#fetching?.catch(() => undefined);
  }

  /**
   * What `work` makes of its bytes, compared with their hash once more. Rejects with `RECORD_NONE`
   * unless it is held; with `RECORD_DAMAGED`, and holds it no more, if somebody was at the disk.
   */
  async use<T>(work: (bytes: RecordParts) => Promise<T>): Promise<T> {
    const { offer } = this;
    if (!offer || !this.isHeld) throw problem('RECORD_NONE');
    const bytes = this.#parts(offer);
    try {
      const h = await hashOf(bytes, this.#deps.files.hashes);
      if (h !== offer.h) throw problem('RECORD_DAMAGED');
      return await work(bytes);
    } catch (error) {
      if (isDamage(error)) await this.#spoil();
      throw error;
    }
  }

  /** The whole in the platform's form. */
  file(): Promise<unknown> {
    return this.use((bytes) => this.#deps.files.whole(piecesOf(bytes)));
  }

  /** Nobody signs a size: a wrong one, heard once, must not keep the true record out for good. */
  async #resize({ size }: Offer): Promise<void> {
    const kept = this.#kept;
    const isOpen = kept?.state === 'none' || kept?.state === 'damaged';
    if (!isOpen || kept.offer.size === size) return;
    await this.#parts(kept.offer).remove();
    await this.#step({ ...kept, offer: { ...kept.offer, size } }, 'none');
  }

  async #spoil(): Promise<void> {
    const kept = this.#kept;
    if (!kept) return;
    await this.#parts(kept.offer).remove();
    await this.#judged(kept, { state: 'damaged', code: 'RECORD_DAMAGED' });
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    const kept = this.#kept;
    if (!kept) throw problem('CLOSING_NOT_YET');
    const parts = this.#parts(kept.offer);
    try {
      await this.#step(kept, 'saving');
      await persist(this.#deps, parts, (done) => this.#moved(done, parts.size), signal);
      await this.#step(kept, 'checking');
      const known = this.#known;
      const judged = await this.#judge(kept.offer, parts, signal);
      if (judged.state === 'damaged') await parts.remove();
      await this.#judged(kept, judged, known);
      if (judged.state !== 'held') throw problem(judged.code);
    } catch (error) {
      if (signal.aborted) throw error;
      const told = shown(error);
      if (isDamage(told)) await this.#spoil();
      else if (this.#isUnderWay()) await this.#step(kept, 'none');
      throw told;
    }
  }

  #judge(offer: Offer, parts: RecordParts, signal: AbortSignal): Promise<Judgement> {
    const { door, engine, files, filesOnBox, rooms, voice } = this.#deps;
    const deps = {
      ...{ engine, filesOnBox, rooms },
      hashes: files.hashes,
      mission: voice.mission,
      party: () => voice.party,
      sinceSealing: () => door.sinceSealing(signal),
    };
    return judgeRecord(deps, offer, parts, (done, total) => {
      signal.throwIfAborted();
      this.#moved(done, total);
    });
  }

  #isUnderWay(): boolean {
    return this.#kept?.state === 'saving' || this.#kept?.state === 'checking';
  }

  async #step(kept: Kept, state: Kept['state']): Promise<void> {
    const { offer } = kept;
    await this.#keep({ ...this.#others(), offer, state });
  }

  async #judged({ offer }: Kept, judged: Judgement, known = this.#known): Promise<void> {
    await this.#keep({ ...this.#others(), offer, ...judged, known });
  }

  /** Commits of conversations that are here and not only this device's. */
  get #known(): number {
    return this.#deps.rooms
      .all()
      .reduce(
        (sum, { room: { swarm } }) => sum + swarm.replica.size - swarm.outbox.pending.length,
        0,
      );
  }

  #others(): Pick<Kept, 'other'> {
    const other = this.#kept?.other;
    return other ? { other } : {};
  }

  #moved(done: number, total: number): void {
    this.#progress = { done, total };
    this.#deps.onChange();
  }

  async #keep(kept: Kept): Promise<void> {
    await this.#deps.vault.write([{ key, value: kept }]);
    this.#kept = kept;
    this.#deps.onChange();
  }

  #parts(offer: Offer): RecordParts {
    return new RecordParts(this.#deps.files.parts, offer);
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof ClientProblem && error.problem.code === 'RECORD_DAMAGED';
}

function isSame(one: Offer, other: Offer): boolean {
  return one.h === other.h && one.r === other.r;
}
