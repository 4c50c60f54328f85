import { boardOf, drawn, isNewer, type Picture } from '#protocol/content/board-fold.ts';
import type { BoardElement } from '#protocol/content/board-element.ts';
import type { SignalBody } from '#protocol/media/signal-form.ts';
import type { BoardView } from '../call-model.ts';
import type { ClientProblem } from '../model.ts';
import type { Clock } from '../ports.ts';
import { shown } from '../problem.ts';
import type { OpenRoom } from '../rooms.ts';
import { carriedBytes, writtenElement } from './element-text.ts';
import { LiveStrokes, unplaced } from './live-strokes.ts';
import { OwnStrokes } from './own-strokes.ts';
import { Pointers, type Naming } from './pointers.ts';
import { SavedPicture } from './saved-picture.ts';

export interface OpenBoardDeps {
  clock: Clock;
  open: OpenRoom;
  /** Whether a device may still be heard in the conversation. */
  isIn(device: string): boolean;
  /** Tells the room at once; lost where there is no link. */
  tell(body: SignalBody<'board'>): void;
  /** Keeps what is drawn here until it is in the history; nothing forgets it. */
  store(texts: readonly string[]): Promise<void>;
  /** Something of ours was written and is to be sent. */
  ring(): void;
  onChange(): void;
}

/** A batch goes into the history at each tick that finds something new (K19). */
const tickMs = 2000;

/** Most of a batch or signal that is filled with more than one element. */
const batchBytes = 32_768;

/** Most elements in one signal. */
const signalElements = 64;

/** Shortest pause between two signals, and how fast strokes may go out: what a weak Wi-Fi carries. */
const pauseMs = 80;
const bytesPerMs = 64;

/** A board that somebody looks at: what is kept, what is new here, what others draw just now. */
export class OpenBoard {
  readonly id: string;
  readonly #deps: OpenBoardDeps;
  readonly #saved = new SavedPicture();
  readonly #pointers: Pointers;
  readonly #own: OwnStrokes;
  readonly #unsaid = new Set<string>();
  readonly #live = new LiveStrokes();
  readonly #closing = new AbortController();
  #saying = false;
  #keeping: Promise<void> = Promise.resolve();
  #version = 0;
  #last: { key: string; picture: Picture; view: BoardView } | undefined;

  constructor(deps: OpenBoardDeps) {
    this.#deps = deps;
    this.id = boardOf(deps.open.room.cid);
    this.#own = new OwnStrokes((texts) => deps.store(texts));
    const changed = (): void => this.#changed();
    this.#pointers = new Pointers(deps.clock, (p) => deps.tell({ board: this.id, p }), changed);
  }

  /** Keeps what is new at each tick, until closed. */
  async run(): Promise<void> {
    const { clock } = this.#deps;
    while (!this.#closing.signal.aborted) {
      await clock.wait(tickMs, this.#closing.signal);
      this.#pointers.expire();
      if (this.#closing.signal.aborted) return;
      // What cannot be kept now stays here, is shown as not sent, and is tried again.
      await this.#keep(false).catch(() => undefined);
    }
  }

  /** Takes up what a page that was closed has left, and keeps it in the history. */
  async recover(texts: readonly string[]): Promise<void> {
    this.#own.restore(texts);
    await this.#keep(true);
  }

  /**
   * Shows changed elements to others; on this device when it resolves, in the history with the
   * next batch. Rejects as `writtenElement`.
   */
  async draw(texts: readonly string[]): Promise<void> {
    let refusal: ClientProblem | undefined;
    for (const text of texts) {
      try {
        this.#draw(writtenElement(text));
      } catch (error) {
        // The others of the same stroke are still good.
        refusal = shown(error);
      }
    }
    void this.#say();
    this.#changed();
    await this.#own.stored();
    if (refusal) throw refusal;
  }

  point(x: number, y: number): void {
    this.#pointers.point(x, y);
  }

  /** What a device that may speak here has drawn or where it points. */
  hear(device: string, body: SignalBody<'board'>): void {
    if (body.board !== this.id) return;
    if ('p' in body) {
      this.#pointers.hear(device, body.p);
      return;
    }
    this.#live.hear(device, body.e);
    this.#changed();
  }

  view(naming: Naming): BoardView {
    const { open, isIn } = this.#deps;
    const { boards } = open.reader.read();
    const saved = this.#saved.after(boards);
    this.#live.settle(saved, isIn);
    const pointers = this.#pointers.view(isIn, naming);
    const isSent = this.#own.size === 0 && open.room.swarm.outbox.pending.length === 0;
    const counts = [this.#version, boards.length, this.#live.size, pointers.length];
    const key = `${counts.join(' ')} ${isSent ? 1 : 0}`;
    if (this.#last?.key === key && this.#last.picture === saved) return this.#last.view;
    const picture: Picture = new Map(saved);
    this.#live.drawInto(picture);
    this.#own.drawInto(picture);
    const view: BoardView = {
      id: this.id,
      cid: open.room.cid,
      elements: drawn(picture).map(({ text }) => text),
      pointers,
      saved: isSent ? 'sent' : 'kept',
    };
    this.#last = { key, picture: saved, view };
    return view;
  }

  /** Keeps everything at once: the page may go. */
  keepAll(): Promise<void> {
    return this.#keep(true);
  }

  /** Lets go of the board; what is not kept is lost. */
  end(): void {
    this.#closing.abort();
  }

  #draw(element: BoardElement): void {
    const known = this.#own.get(element.id) ?? this.#shown(element.id);
    // What came from others comes back from the screen, perhaps in other words; it is nothing new.
    if (known && !isChangeOf(known, element)) return;
    this.#own.put(element);
    this.#unsaid.add(element.id);
  }

  #shown(id: string): BoardElement | undefined {
    const saved = this.#saved.after(this.#deps.open.reader.read().boards).get(id);
    const heard = this.#live.get(id);
    return saved && heard ? (isNewer(unplaced(heard), saved) ? heard : saved) : (heard ?? saved);
  }

  /** Signals one after the other with pauses; whatever changes meanwhile goes with the next. */
  async #say(): Promise<void> {
    if (this.#saying) return;
    this.#saying = true;
    while (this.#unsaid.size > 0 && !this.#closing.signal.aborted) {
      const found = [...this.#unsaid].flatMap((id) => this.#own.get(id) ?? this.#shown(id) ?? []);
      const batch = firstOf(found, signalElements);
      // What is no longer here was kept and said meanwhile.
      if (batch.length === 0) this.#unsaid.clear();
      else this.#deps.tell({ board: this.id, e: batch.map(({ text }) => text) });
      for (const { id } of batch) this.#unsaid.delete(id);
      const bytes = batch.reduce((sum, { text }) => sum + text.length, 0);
      await this.#deps.clock.wait(Math.max(pauseMs, bytes / bytesPerMs), this.#closing.signal);
    }
    this.#saying = false;
  }

  #keep(isAll: boolean): Promise<void> {
    const kept = this.#keeping.then(async () => {
      do await this.#keepBatch();
      while (isAll && this.#own.size > 0);
    });
    this.#keeping = kept.catch(() => undefined);
    return kept;
  }

  async #keepBatch(): Promise<void> {
    const batch = firstOf(this.#own.all(), Infinity);
    if (batch.length === 0) return;
    const { open, ring } = this.#deps;
    await open.room.say('board', { id: this.id, ops: batch.map(({ text }) => ({ e: text })) });
    this.#own.settle(batch);
    this.#changed();
    ring();
    await this.#own.stored();
  }

  #changed(): void {
    this.#version += 1;
    this.#deps.onChange();
  }
}

/** As many as fit, at least one. */
function firstOf(elements: readonly BoardElement[], most: number): BoardElement[] {
  const batch: BoardElement[] = [];
  let bytes = 0;
  for (const element of elements) {
    bytes += carriedBytes(element.text);
    if (batch.length >= most || (batch.length > 0 && bytes > batchBytes)) break;
    batch.push(element);
  }
  return batch;
}

function isChangeOf(known: BoardElement, { version, versionNonce }: BoardElement): boolean {
  if (version !== known.version) return version > known.version;
  return versionNonce < known.versionNonce;
}
