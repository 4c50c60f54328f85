import { boardOf } from '#protocol/content/board-fold.ts';
import type { SignalBody } from '#protocol/media/signal-form.ts';
import type { BoardView } from '../call-model.ts';
import type { Clock } from '../ports.ts';
import { problem } from '../problem.ts';
import type { Room } from '../room.ts';
import type { Rooms } from '../rooms.ts';
import type { Vault } from '../vault.ts';
import { OpenBoard } from './open-board.ts';
import type { Naming } from './pointers.ts';

export interface BoardsDeps {
  clock: Clock;
  vault: Vault;
  rooms: Rooms;
  /** Whether a device may be heard in a conversation now. */
  isIn(cid: string, device: string): boolean;
  tell(room: Room, body: SignalBody<'board'>): void;
  ring(): void;
  onChange(): void;
}

/** Prefix of the records of what was drawn and is not in the history yet; then the cid. */
const prefix = 'board/';

/** The boards that are open on this device, each of one conversation. */
export class Boards {
  readonly #deps: BoardsDeps;
  readonly #open = new Map<string, OpenBoard>();
  /** How often each is looked at: a screen may open it again before it has closed it. */
  readonly #lookers = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();

  constructor(deps: BoardsDeps) {
    this.#deps = deps;
  }

  /** Brings into the history what pages that were closed have left. */
  async recover(): Promise<void> {
    for (const { key, value } of await this.#deps.vault.list<string[]>(prefix)) {
      const cid = key.slice(prefix.length);
      if (!this.#deps.rooms.get(cid)?.room.swarm.isKnown) continue;
      const id = this.open(cid);
      // What cannot be kept now waits for the next start.
      await this.#open
        .get(id)
        ?.recover(value)
        .catch(() => undefined);
      await this.close(id).catch(() => undefined);
    }
  }

  /** Opens the board of a conversation and follows it; returns its id. */
  open(cid: string): string {
    const { clock, isIn, onChange, ring, rooms, tell, vault } = this.#deps;
    const id = boardOf(cid);
    const open = rooms.get(cid);
    if (!open?.room.swarm.isKnown) throw problem('NO_CONVERSATION');
    this.#lookers.set(id, (this.#lookers.get(id) ?? 0) + 1);
    if (this.#open.has(id)) return id;
    const board = new OpenBoard({
      clock,
      open,
      isIn: (device) => isIn(cid, device),
      tell: (body) => {
        tell(open.room, body);
      },
      store: (texts) =>
        vault.write([{ key: prefix + cid, value: texts.length > 0 ? texts : undefined }]),
      ring,
      onChange,
    });
    this.#open.set(id, board);
    const running = board.run().finally(() => this.#running.delete(running));
    this.#running.add(running);
    return id;
  }

  view(id: string, naming: Naming): BoardView | undefined {
    return this.#open.get(id)?.view(naming);
  }

  /** Rejects with the words for what cannot be drawn; the rest is drawn. */
  async draw(id: string, elements: readonly string[]): Promise<void> {
    const board = this.#open.get(id);
    if (!board) throw problem('NO_CONVERSATION');
    await board.draw(elements);
  }

  point(id: string, x: number, y: number): void {
    this.#open.get(id)?.point(x, y);
  }

  /** A verified signal of a device that is in the conversation. */
  hear({ cid, from, b }: { cid: string; from: string; b: SignalBody<'board'> }): void {
    this.#open.get(boardOf(cid))?.hear(from, b);
  }

  /** Keeps what is new and lets go of the board; rejects if it could not be kept. */
  async close(id: string): Promise<void> {
    const board = this.#open.get(id);
    if (!board) return;
    this.#lookers.set(id, Math.max(0, (this.#lookers.get(id) ?? 0) - 1));
    // What could not be kept must still be shown.
    await board.keepAll();
    if ((this.#lookers.get(id) ?? 0) > 0) return;
    board.end();
    this.#open.delete(id);
  }

  /** Keeps what is new on all of them: the page may go at any moment. */
  async keepAll(): Promise<void> {
    await Promise.allSettled([...this.#open.values()].map((board) => board.keepAll()));
  }

  /** Keeps everything and closes all. */
  async stop(): Promise<void> {
    await this.keepAll();
    for (const board of this.#open.values()) board.end();
    this.#open.clear();
    await Promise.all(this.#running);
  }
}
