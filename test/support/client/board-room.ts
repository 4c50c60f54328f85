import { Boards } from '#client/boards/boards.ts';
import type { Clock } from '#client/ports.ts';
import type { Room } from '#client/room.ts';
import type { OpenRoom, Rooms } from '#client/rooms.ts';
import { boardOf, type BoardBatch } from '#protocol/content/board-fold.ts';
import { Vault } from '#client/vault.ts';
import type { SignalBody } from '#protocol/media/signal-form.ts';
import { MemoryKeys } from './memory-keys.ts';
import { MemoryStorage } from './memory-storage.ts';

/** The one conversation. */
export const cid = 'room';

/** A rectangle as Excalidraw writes one, in short. */
export function element(part: object = {}): string {
  return JSON.stringify({
    id: 'one',
    type: 'rectangle',
    x: 0,
    y: 0,
    width: 10,
    height: 10,
    version: 1,
    versionNonce: 5,
    isDeleted: false,
    ...part,
  });
}

/** Time that passes when a test says so. */
export class HandClock implements Clock {
  #nowMs = 1_000_000;
  readonly #waiting = new Set<{ atMs: number; done: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const one = { atMs: this.#nowMs + ms, done: resolve };
      this.#waiting.add(one);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Lets time pass in small steps, with everything that happens meanwhile. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 20) {
      this.#nowMs += Math.min(left, 20);
      for (const one of this.#waiting) {
        if (one.atMs > this.#nowMs) continue;
        this.#waiting.delete(one);
        one.done();
      }
      for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
    }
  }
}

/** A history that devices share while they are linked, and signals between them. */
export class BoardTable {
  readonly devices: BoardDevice[] = [];
  history: readonly BoardBatch[] = [];
  readonly signals: SignalBody<'board'>[] = [];
}

/** A device with its boards, its copy of the history, and a link that can be cut. */
export class BoardDevice {
  readonly clock: HandClock;
  readonly name: string;
  readonly boards: Boards;
  readonly id = boardOf(cid);
  readonly vault: Vault;
  readonly removed = new Set<string>();
  isLinked = true;
  canWrite = true;
  changes = 0;
  readonly #table: BoardTable;
  #batches: readonly BoardBatch[] = [];
  #pending: BoardBatch[] = [];

  /** `vault`: of the page that was open before on this device. */
  constructor(
    table: BoardTable,
    clock: HandClock,
    name: string,
    vault = new Vault(new MemoryStorage().records, new MemoryKeys()),
  ) {
    this.vault = vault;
    this.#table = table;
    this.clock = clock;
    this.name = name;
    table.devices.push(this);
    const room = {
      cid,
      swarm: {
        isKnown: true,
        outbox: {
          pending: this.#pending,
        },
      },
      say: async (_: string, b: { ops: BoardBatch['ops'] }) => this.#say(b.ops),
    };
    const reader = { read: () => ({ boards: this.#batches }) };
    const open = { room, reader } as unknown as OpenRoom;
    this.boards = new Boards({
      clock,
      vault: this.vault,
      rooms: { get: (wanted: string) => (wanted === cid ? open : undefined) } as unknown as Rooms,
      isIn: (_, device) => !this.removed.has(device),
      tell: (_: Room, body) => {
        this.#tell(body);
      },
      ring: () => {
        this.sync();
      },
      onChange: () => {
        this.changes += 1;
      },
    });
  }

  /** Exchanges batches with the table, if linked. */
  sync(): void {
    if (!this.isLinked) return;
    this.#table.history = [...this.#table.history, ...this.#pending.splice(0)];
    for (const device of this.#table.devices) device.#hear(this.#table.history);
  }

  link(isLinked: boolean): void {
    this.isLinked = isLinked;
    this.sync();
  }

  get view() {
    return this.boards.view(this.id, (device) => ({ name: device, slot: 0 }));
  }

  /** What is on the board: by id, its version. */
  get shown(): Record<string, number> {
    const elements = (this.view?.elements ?? []).map(
      (text) => JSON.parse(text) as { id: string; version: number },
    );
    return Object.fromEntries(elements.map(({ id, version }) => [id, version]));
  }

  #say(ops: BoardBatch['ops']): void {
    if (!this.canWrite) throw new Error('read only');
    const l = this.#batches.length + 1;
    const batch = { l, sid: `${this.name} ${l}`, ops };
    this.#batches = [...this.#batches, batch];
    this.#pending.push(batch);
  }

  #hear(history: readonly BoardBatch[]): void {
    if (!this.isLinked) return;
    const known = new Set(this.#batches.map(({ sid }) => sid));
    const fresh = history.filter(({ sid }) => !known.has(sid));
    if (fresh.length > 0) this.#batches = [...this.#batches, ...fresh];
  }

  #tell(b: SignalBody<'board'>): void {
    if (!this.isLinked) return;
    this.#table.signals.push(b);
    for (const other of this.#table.devices) {
      const hears = other !== this && other.isLinked && !other.removed.has(this.name);
      if (hears) other.boards.hear({ cid, from: this.name, b });
    }
  }
}
