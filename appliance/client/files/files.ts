import type { Json } from '#protocol/codec/canonical-json.ts';
import type { Engine } from '#protocol/ports.ts';
import { layoutOf } from '#protocol/transfer/layout.ts';
import { isFileOffer, type FileOffer } from '#protocol/transfer/offer.ts';
import type { Line } from '#protocol/content/fold.ts';
import type { FileSource, FileView } from '../call-model.ts';
import type { Carrier } from '../exchange.ts';
import type { ClientProblem } from '../model.ts';
import type { Clock } from '../ports.ts';
import { problem } from '../problem.ts';
import type { Vault, VaultChange } from '../vault.ts';
import { Download } from './download.ts';
import { FileDoor } from './file-door.ts';
import { filePrefix, keyOf, recordChange, recordPrefix, type FileRecord } from './file-record.ts';
import { opened } from './opening.ts';
import { partRange } from './parts.ts';
import type { FilePlatform } from './ports.ts';
import { keepSealed } from './sealing.ts';
import { Transfers } from './transfers.ts';
import { upload } from './upload.ts';

/** The conversations, as files need them. */
export interface Post {
  /** What a conversation shows; empty if there is none. */
  lines(cid: string): readonly Line[];
  /** The conversation and line of a message. */
  lineOf(sid: string): { cid: string; line: Line } | undefined;
  /** Writes a message; `changes` are kept in the same transaction. */
  say(
    cid: string,
    t: string,
    b: { [key: string]: Json },
    changes: readonly VaultChange[],
  ): Promise<unknown>;
}

export interface FilesDeps {
  engine: Engine;
  clock: Clock;
  vault: Vault;
  platform: FilePlatform;
  carrier: Carrier;
  post: Post;
  /** Whether the mission is closed: what is no message yet becomes none any more. */
  isClosed(): boolean;
  /** Something was written and is to be sent. */
  ring(): void;
  onChange(): void;
  onProblem(told: ClientProblem): void;
}

/** A file on its way out: not a message yet, since nobody could fetch it. */
export interface OutgoingView {
  file: FileView;
  atMs: number;
}

/** The files of this device: what goes out, what comes in, what is here. */
export class Files {
  readonly #deps: FilesDeps;
  readonly #door: FileDoor;
  readonly #transfers: Transfers;
  readonly #records = new Map<string, FileRecord>();
  /** Bytes of ciphertext that were moved, by key. */
  readonly #done = new Map<string, number>();
  /** Changes with everything that a view shows. */
  version = 0;

  constructor(deps: FilesDeps) {
    this.#deps = deps;
    this.#door = new FileDoor(deps.carrier);
    this.#transfers = new Transfers(deps.clock, {
      onDamaged: (key) => this.#destroy(key),
      onHalted: (key, told) => this.#halt(key, told),
    });
  }

  /** Reads what is kept; parts that no record speaks of come from a crash and go. */
  async open(): Promise<void> {
    const { parts } = this.#deps.platform;
    for (const { key, value } of await this.#deps.vault.list<FileRecord>(filePrefix)) {
      this.#records.set(key.slice(filePrefix.length), value);
    }
    for (const key of await parts.files()) {
      if (key.startsWith(recordPrefix)) continue;
      const record = this.#records.get(key);
      if (!record || record.state === 'damaged') await parts.remove(key);
      else if (record.way === 'in' && record.state !== 'here') {
        const range = partRange(layoutOf(record.offer.size), await parts.count(key));
        this.#done.set(key, range.from);
      }
    }
  }

  /** Moves whatever is to be moved until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    this.#transfers.start(signal);
    const moving = [...this.#records].filter(([, { state }]) => state === 'moving');
    for (const [key] of moving.sort(([, a], [, b]) => a.atMs - b.atMs)) this.#move(key);
    await this.#transfers.ended();
  }

  /** The way to the box may be open again. */
  wake(): void {
    this.#transfers.wake();
  }

  /** Resolves once the file is sealed and kept here; it is a message when the box has all of it. */
  async send(cid: string, source: FileSource): Promise<void> {
    const { clock, engine, isClosed, platform } = this.#deps;
    if (isClosed()) throw problem('MISSION_CLOSED');
    const offer = await keepSealed(engine, platform, source);
    const record = { way: 'out', state: 'moving', cid, offer, atMs: clock.now() } as const;
    await this.#keep(keyOf(offer), record);
    this.#move(keyOf(offer), true);
  }

  /** Fetches an offered file, or goes on with a paused one in either direction. */
  async fetch(sid: string): Promise<void> {
    const found = this.#find(sid);
    const { key, offer, cid } = found;
    const { record = { way: 'in', state: 'paused', cid, offer, atMs: 0 } } = found;
    if (record.state === 'here' || record.state === 'moving') return;
    if (record.way === 'out' && this.#deps.isClosed()) throw problem('FILE_MISSION_CLOSED');
    // One that has just halted may still be about to leave.
    await this.#transfers.end(key);
    await this.#keep(key, { ...record, state: 'moving', atMs: this.#deps.clock.now() });
    this.#move(key);
  }

  async pause(sid: string): Promise<void> {
    const { key, record } = this.#find(sid);
    if (record?.state !== 'moving') return;
    await this.#keep(key, { ...record, state: 'paused' });
    await this.#transfers.end(key);
  }

  /** Cancels a transfer, or frees this device of a file; nothing of it stays here. */
  async remove(sid: string): Promise<void> {
    await this.#forget(this.#find(sid).key);
  }

  /** The whole file in the platform's form. */
  async openFile(sid: string): Promise<unknown> {
    const { key, offer, record } = this.#find(sid);
    if (record?.state !== 'here') throw problem('FILE_LOST');
    try {
      return await this.#deps.platform.whole(opened(this.#deps.platform, offer));
    } catch (error) {
      // What the disk did to it, fetching again repairs.
      await this.#forget(key);
      throw error;
    }
  }

  /** What a message's file looks like; undefined if its offer is none. */
  view(sid: string, offer: unknown): FileView | undefined {
    return isFileOffer(offer) ? this.#view(sid, offer) : undefined;
  }

  /** Files on their way into a conversation, oldest first. */
  outgoing(cid: string): readonly OutgoingView[] {
    return [...this.#records]
      .filter(([, record]) => record.way === 'out' && record.cid === cid)
      .map(([key, { offer, atMs }]) => ({ file: this.#view(key, offer), atMs }))
      .sort((a, b) => a.atMs - b.atMs);
  }

  /** What this device keeps of files, in both directions. */
  get records(): readonly FileRecord[] {
    return [...this.#records.values()];
  }

  /** Halts what a close overtook; destroys files whose message was deleted (§7.7). */
  async tend(): Promise<void> {
    for (const [key, { state, way }] of this.#deps.isClosed() ? [...this.#records] : []) {
      if (way !== 'out' || state !== 'moving') continue;
      await this.#transfers.end(key);
      await this.#halt(key, problem('FILE_MISSION_CLOSED'));
    }
    const cids = new Set([...this.#records.values()].map(({ cid }) => cid));
    for (const line of [...cids].flatMap((cid) => this.#deps.post.lines(cid))) {
      const { content } = line;
      if (!line.isDeleted || content.t !== 'data-transfer' || !isFileOffer(content.b)) continue;
      const key = keyOf(content.b);
      if (this.#records.get(key)?.way === 'in') await this.#forget(key);
    }
  }

  #view(sid: string, offer: FileOffer): FileView {
    const key = keyOf(offer);
    const record = this.#records.get(key);
    const layout = layoutOf(offer.size);
    const share = (this.#done.get(key) ?? 0) / layout.sealed;
    const state = record ? shownState(record) : 'offered';
    const doneBytes = state === 'here' ? offer.size : Math.floor(Math.min(share, 1) * offer.size);
    return { sid, name: offer.name, sizeBytes: offer.size, state, doneBytes };
  }

  #find(sid: string): { key: string; offer: FileOffer; cid: string; record?: FileRecord } {
    const outgoing = this.#records.get(sid);
    if (outgoing) return { key: sid, ...outgoing, record: outgoing };
    const { cid, line } = this.#deps.post.lineOf(sid) ?? {};
    const { content } = line ?? {};
    const isFile = content?.t === 'data-transfer' && !line?.isDeleted;
    if (!isFile || cid === undefined || !isFileOffer(content.b)) throw problem('MESSAGE_GONE');
    const record = this.#records.get(keyOf(content.b));
    return { key: keyOf(content.b), offer: content.b, cid, ...(record && { record }) };
  }

  #move(key: string, isNew = false): void {
    const record = this.#records.get(key);
    if (!record) return;
    // Only what was never reached before is a step: a box that forgets everything makes none.
    let furthest: number | undefined;
    const progress = (bytes: number, onMoved: () => void): void => {
      if (bytes > (furthest ?? bytes)) onMoved();
      furthest = Math.max(furthest ?? 0, bytes);
      this.#done.set(key, bytes);
      this.#changed();
    };
    const { platform } = this.#deps;
    if (record.way === 'out') {
      const ports = { door: this.#door, parts: platform.parts };
      let isFresh = isNew;
      this.#transfers.begin('out', key, async (signal, onMoved) => {
        const onProgress = (bytes: number): void => {
          progress(bytes, onMoved);
        };
        const attempt = upload(ports, record.offer, { isFresh, onProgress }, signal);
        isFresh = false;
        await attempt;
        await this.#announce(key, record, signal);
        return true;
      });
    } else {
      const download = new Download(this.#door, platform, record.offer);
      this.#transfers.begin('in', key, async (signal, onMoved) => {
        const checked = await download.run((bytes) => progress(bytes, onMoved), signal);
        if (checked.ok && !signal.aborted) await this.#keep(key, { ...record, state: 'here' });
        return checked.ok;
      });
    }
  }

  /** The box has all of it: message and record change in one transaction, so that it is said once. */
  async #announce(key: string, record: FileRecord, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const kept = { ...record, way: 'in', state: 'here' } as const;
    const { post, ring } = this.#deps;
    await post.say(record.cid, 'data-transfer', { ...record.offer }, [recordChange(key, kept)]);
    this.#records.set(key, kept);
    this.#changed();
    ring();
  }

  async #destroy(key: string): Promise<void> {
    const record = this.#records.get(key);
    await this.#deps.platform.parts.remove(key);
    this.#done.delete(key);
    if (record) await this.#keep(key, { ...record, state: 'damaged' });
  }

  async #halt(key: string, told: ClientProblem): Promise<void> {
    const record = this.#records.get(key);
    // It may have become a message in the last moment.
    if (record?.state !== 'moving') return;
    await this.#keep(key, { ...record, state: 'paused' });
    const isTooLate = record.way === 'out' && this.#deps.isClosed();
    this.#deps.onProblem(isTooLate ? problem('FILE_MISSION_CLOSED') : told);
  }

  async #forget(key: string): Promise<void> {
    await this.#transfers.end(key);
    await this.#deps.vault.write([recordChange(key)]);
    this.#records.delete(key);
    this.#done.delete(key);
    await this.#deps.platform.parts.remove(key);
    this.#changed();
  }

  async #keep(key: string, record: FileRecord): Promise<void> {
    await this.#deps.vault.write([recordChange(key, record)]);
    this.#records.set(key, record);
    this.#changed();
  }

  #changed(): void {
    this.version += 1;
    this.#deps.onChange();
  }
}

function shownState({ way, state }: FileRecord): FileView['state'] {
  if (state !== 'moving') return state;
  return way === 'out' ? 'uploading' : 'fetching';
}
