import { checkRecord, type RecordCheck } from '#protocol/export/check-record.ts';
import { openRecord, type OpenRecord } from '#protocol/export/read-record.ts';
import type { Cipher, Engine, FileHashes } from '#protocol/ports.ts';
import { extract, type Extracted } from './extract.ts';
import { isArchive, sortGiven } from './given.ts';
import { holderOf, type KeyProblem, type Secrets } from './holder.ts';
import { openLibrary } from './library.ts';
import type { Library } from './model.ts';
import { proofOf, type Proof } from './proof.ts';
import { receiptsIn, type Receipts } from './receipts.ts';
import { slicesOf } from './slices.ts';

/** What the platform lends to the reader. */
export interface ReaderPlatform {
  engine: Engine;
  hashes: FileHashes;
  cipher: Cipher;
}

/** What the screens show. A new object after each change. */
export interface ReaderView {
  stage: 'start' | 'checking' | 'opening' | 'open';
  /** Of checking, 0 to 1. */
  share: number;
  /** Why the last file is not open; a key of the strings. */
  problem?: 'damaged' | 'notRecord' | 'unreadable';
  found?: Pick<RecordCheck, 'commits' | 'signatures' | 'files' | 'faults'>;
  library?: Library;
  hasKeyFile: boolean;
  receipts?: Receipts;
  certificateProblem?: 'certificate' | 'otherCertificate';
}

interface Opened {
  record: OpenRecord;
  check: RecordCheck;
}

/** Longest time without drawing, in milliseconds: a page that stands still looks broken. */
const stillMs = 40;

/** One record, its keys and its certificate, as one person looks at them. */
export class ReaderSession {
  readonly #platform: ReaderPlatform;
  readonly #listeners = new Set<() => void>();
  #view: ReaderView = { stage: 'start', share: 0, hasKeyFile: false };
  #opened: Opened | undefined;
  #keys: string | undefined;
  /** Waits for the record that it is about. */
  #certificate: string | undefined;
  #drawnAt = 0;

  constructor(platform: ReaderPlatform) {
    this.#platform = platform;
  }

  readonly view = (): ReaderView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes whatever files were chosen or dropped: record, key file, certificate. */
  async give(files: readonly Blob[]): Promise<void> {
    if (this.#view.stage === 'checking' || this.#view.stage === 'opening') return;
    try {
      const { certificate, keys, record } = await sortGiven(files);
      if (keys !== undefined) this.#keys = keys;
      if (certificate !== undefined) this.#certificate = certificate;
      if (record) await this.#open(record);
      else this.#show({ hasKeyFile: this.#keys !== undefined });
      await this.#certify();
    } catch {
      // Only the medium throws: it was taken out, or the file has changed since it was chosen.
      this.#fail('unreadable');
    }
  }

  /** Opens the words with a person's keys; the problem if they do not fit. */
  async unlock(secrets: Omit<Secrets, 'file'>): Promise<KeyProblem | undefined> {
    const opened = this.#opened;
    if (!opened) return undefined;
    const file = this.#keys === undefined ? {} : { file: this.#keys };
    const holder = await holderOf({ ...secrets, ...file }, opened.record.cid);
    if (typeof holder === 'string') return holder;
    this.#show({ stage: 'opening' });
    const library = await openLibrary(opened.check, holder, breathe);
    this.#show({ stage: 'open', library });
    return undefined;
  }

  /** Checks one message again; undefined if it is not here. */
  async proof(cid: string, sid: string): Promise<Proof | undefined> {
    const replica = this.#opened?.check.rooms.get(cid);
    return replica && proofOf(this.#platform.engine, replica, sid);
  }

  /** Opens a file that a message offers. */
  async file(offer: unknown, onProgress: (share: number) => void): Promise<Extracted> {
    const { cipher, hashes } = this.#platform;
    const record = this.#opened?.record;
    return extract({ cipher, hashes, file: (at) => record?.file(at) }, offer, onProgress);
  }

  /** Puts the record away, and the keys with it. */
  close(): void {
    this.#opened = undefined;
    this.#keys = undefined;
    this.#certificate = undefined;
    this.#view = { stage: 'start', share: 0, hasKeyFile: false };
    this.#show({});
  }

  async #open(blob: Blob): Promise<void> {
    const { engine, hashes } = this.#platform;
    this.#opened = undefined;
    this.#view = { stage: 'checking', share: 0, hasKeyFile: this.#keys !== undefined };
    this.#show({});
    if (!(await isArchive(blob))) return this.#fail('notRecord');
    const record = await openRecord(slicesOf(blob), hashes);
    if (!record.ok) return this.#fail('damaged');
    const check = await checkRecord(engine, hashes, record.value, (done, total) =>
      this.#progress(total === 0 ? 1 : done / total),
    );
    // Without the mission nothing can be said of anybody.
    if (check.mission.size === 0) return this.#fail('damaged');
    this.#opened = { record: record.value, check };
    const library = await openLibrary(check, undefined, breathe);
    this.#show({ stage: 'open', share: 1, found: check, library });
  }

  async #certify(): Promise<void> {
    const record = this.#opened?.record;
    const text = this.#certificate;
    if (!record || text === undefined) return;
    this.#certificate = undefined;
    const read = await receiptsIn(this.#platform, record, text);
    const { certificateProblem: _, ...rest } = this.#view;
    this.#view = rest;
    this.#show(typeof read === 'string' ? { certificateProblem: read } : { receipts: read });
  }

  async #progress(share: number): Promise<void> {
    if (performance.now() - this.#drawnAt < stillMs) return;
    this.#show({ share });
    await breathe();
    this.#drawnAt = performance.now();
  }

  #fail(problem: NonNullable<ReaderView['problem']>): void {
    this.#opened = undefined;
    this.#view = { stage: 'start', share: 0, hasKeyFile: this.#keys !== undefined };
    this.#show({ problem });
  }

  #show(change: Partial<ReaderView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** Lets the page draw and answer. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
