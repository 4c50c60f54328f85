import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import { pauseMs } from '#kernel/retry.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import type { Signer } from '#protocol/crypto/sign.ts';
import { recordStatement } from '#protocol/export/proposal.ts';
import { planRecord, type RecordPlan } from '#protocol/export/write-record.ts';
import type { FilesService } from '../../files/index.ts';
import type { SwarmService } from '../../swarm/index.ts';
import type { Proposed, RecordFile } from './record-file.ts';
import type { Seal, Sealed } from './seal.ts';

/** What the maker works with. */
export interface RecordMakerDeps {
  swarm: Pick<SwarmService, 'sources'>;
  files: Pick<FilesService, 'open'> | undefined;
  seal: Seal;
  file: RecordFile;
  signer: Signer;
  clock: Clock;
  log: Logger;
}

/** A full disk may be cleared by a person; until then it is tried now and then. */
const backOff = { firstMs: 1_000, ceilingMs: 60_000 } as const;

/** Makes the record from what was sealed, in the background, again after each interruption. */
export class RecordMaker {
  readonly #deps: RecordMakerDeps;
  #proposed: Proposed | undefined;
  #progress: { done: number; total: number } | undefined;
  #running: Promise<void> | undefined;
  #failures = 0;
  #notBeforeMs = 0;

  constructor(deps: RecordMakerDeps) {
    this.#deps = deps;
  }

  /** The record that is on the disk, checked since the start. */
  get proposed(): Proposed | undefined {
    return this.#proposed;
  }

  /** Bytes that are written or read so far. */
  get progress(): { done: number; total: number } | undefined {
    return this.#progress;
  }

  /** Whether the last try failed. */
  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /** Begins unless it runs, is done, or failed a moment ago; `onEnd` is called after it. */
  begin(sealed: Sealed, signal: AbortSignal, onEnd: () => void): void {
    const { clock, log } = this.#deps;
    if (this.#running || this.#proposed || clock.monotonic() < this.#notBeforeMs) return;
    this.#running = this.#make(sealed, signal)
      .then(
        (proposed) => {
          this.#proposed = proposed;
          this.#failures = 0;
          log.info({ bytes: proposed.size }, 'the record is there');
        },
        (error: unknown) => {
          if (signal.aborted) return;
          this.#failures += 1;
          this.#notBeforeMs = clock.monotonic() + pauseMs(this.#failures, backOff);
          log.error({ err: error }, 'the record could not be made; it is tried again');
        },
      )
      .finally(() => {
        this.#running = undefined;
        this.#progress = undefined;
        onEnd();
      });
  }

  /** Resolves when nothing is written; what was found is forgotten, since the disk may change now. */
  async settled(): Promise<void> {
    await this.#running;
    this.#proposed = undefined;
    this.#failures = 0;
    this.#notBeforeMs = 0;
  }

  async #make(sealed: Sealed, signal: AbortSignal): Promise<Proposed> {
    const { file, signer } = this.#deps;
    const onProgress = (done: number, total: number): void => {
      this.#progress = { done, total };
    };
    const known = await file.check(onProgress, signal);
    if (known) return known;
    this.#progress = undefined;
    const plan = await this.#plan(sealed, signal);
    const sign = async (name: { h: string; r: string }): Promise<string> =>
      toB64u(await signer.sign('parley-box-v1', recordStatement({ cid: sealed.cid, ...name })));
    return file.build(plan, sign, onProgress, signal);
  }

  async #plan(sealed: Sealed, signal: AbortSignal): Promise<RecordPlan> {
    const { swarm, seal } = this.#deps;
    const sources = await swarm.sources(sealed.swarms, signal);
    const reader = await seal.reader();
    return planRecord({
      cid: sealed.cid,
      swarms: sources,
      files: sealed.files.map(([address, size]) => ({ address, size })),
      file: (address) => this.#pieces(address),
      receipts: sources.map(({ cid, receipts }) => ({ cid, bytes: receipts })),
      ...(reader && { reader }),
    });
  }

  async *#pieces(address: string): AsyncGenerator<Uint8Array> {
    const file = await this.#deps.files?.open(address);
    if (!file) throw new Error('a record with files needs the files service');
    yield* file.createReadStream() as AsyncIterable<Uint8Array>;
  }
}
