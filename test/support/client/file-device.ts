import { Files } from '#client/files/files.ts';
import type { ClientProblem } from '#client/model.ts';
import type { Clock } from '#client/ports.ts';
import { Vault } from '#client/vault.ts';
import type { Line } from '#protocol/content/fold.ts';
import type { FileOffer } from '#protocol/transfer/offer.ts';
import { seeded, seededBytes } from '../seeded.ts';
import { until } from '../until.ts';
import { FakeShelf } from './fake-shelf.ts';
import { MemoryKeys } from './memory-keys.ts';
import { MemoryParts, memoryFiles } from './memory-parts.ts';
import { MemoryStorage } from './memory-storage.ts';
import { nodeEngine } from '../../../appliance/terminal/platform/node-engine.ts';

/** The one conversation. */
export const cid = 'room';

/** Time that passes by itself: every pause is short. */
const hastyClock: Clock = {
  now: () => 1_000_000,
  wait: (_, signal) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      setTimeout(resolve, 1);
    }),
};

/** Messages that were written, as a room would show them. */
export class Log {
  lines: Line[] = [];

  add(offer: FileOffer): string {
    const sid = `sid ${this.lines.length}`;
    const content = { t: 'data-transfer' as const, b: offer };
    this.lines.push({
      sid,
      author: 'a',
      atMs: 0,
      kind: 'file',
      text: offer.name,
      content,
      isEdited: false,
      isDeleted: false,
      reactions: [],
    });
    return sid;
  }

  offer(place = 0): FileOffer {
    const { content } = this.lines[place] ?? {};
    if (content?.t !== 'data-transfer') throw new Error('no file there');
    return content.b as FileOffer;
  }
}

/** One device: a disk that outlives it, and the engine's files on it. */
export class FileDevice {
  readonly shelf: FakeShelf;
  readonly log: Log;
  readonly parts = new MemoryParts();
  readonly storage = new MemoryStorage();
  readonly keys = new MemoryKeys();
  readonly problems: string[] = [];
  /** Set by a test: the mission is closed. */
  isClosed = false;
  files!: Files;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(shelf: FakeShelf, log: Log) {
    this.shelf = shelf;
    this.log = log;
  }

  async start(): Promise<this> {
    const vault = new Vault(this.storage.records, this.keys);
    this.#stop = new AbortController();
    this.files = new Files({
      isClosed: () => this.isClosed,
      engine: nodeEngine,
      clock: hastyClock,
      vault,
      platform: memoryFiles(this.parts),
      carrier: this.shelf,
      post: {
        lines: () => this.log.lines,
        lineOf: (sid) => {
          const line = this.log.lines.find((one) => one.sid === sid);
          return line && { cid, line };
        },
        say: async (_, __, b, changes) => {
          await vault.write(changes);
          this.log.add(b as unknown as FileOffer);
        },
      },
      ring: () => undefined,
      onChange: () => undefined,
      onProblem: (told: ClientProblem) => this.problems.push(told.problem.code),
    });
    await this.files.open();
    this.#running = this.files.run(this.#stop.signal);
    return this;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** State of a message's file. */
  state(place = 0): string {
    const line = this.log.lines[place];
    return line ? (this.files.view(line.sid, this.log.offer(place))?.state ?? 'none') : 'none';
  }

  async send(bytes: Uint8Array, name = 'map.bin'): Promise<void> {
    const read = (from: number, to: number) => Promise.resolve(bytes.slice(from, to));
    await this.files.send(cid, { name, sizeBytes: bytes.length, read });
  }

  async sent(bytes: Uint8Array): Promise<void> {
    await this.send(bytes);
    await until('sent', () => this.log.lines.length > 0);
  }

  async fetched(): Promise<Uint8Array> {
    await this.files.fetch('sid 0');
    await until('here', () => this.state() === 'here');
    return (await this.files.openFile('sid 0')) as Uint8Array;
  }
}

/** So many repeatable bytes. */
export const bytesOf = (length: number, seed = 1): Uint8Array =>
  new Uint8Array(seededBytes(seeded(seed), length));

/** Two devices at one shelf, in one conversation. */
export async function pair() {
  const [shelf, log] = [new FakeShelf(), new Log()];
  const sender = await new FileDevice(shelf, log).start();
  const receiver = await new FileDevice(shelf, log).start();
  return { shelf, log, sender, receiver };
}
