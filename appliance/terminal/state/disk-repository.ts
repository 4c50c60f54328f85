import type { Change, Repository } from '#client/ports.ts';
import type { GitType } from '#protocol/codec/git-object.ts';
import type { GitObject } from '#protocol/pack/object.ts';
import { changeBytes, changesIn, type Span } from './change-text.ts';
import { Journal, type FramePlace } from './journal.ts';

const types: readonly GitType[] = ['commit', 'tree', 'blob'];
/** Frames that stay open: neighbours are read together. */
const openFrames = 8;

/**
 * One swarm's objects and refs in a sealed journal. Every flush is one frame, so that refs never
 * point at what a power cut took.
 */
export class DiskRepository implements Repository {
  readonly #journal: Journal;
  readonly #places = new Map<string, { frame: FramePlace; span: Span }>();
  readonly #refs = new Map<string, string>();
  /** What the next flush keeps. */
  readonly #waiting = new Map<string, GitObject>();
  readonly #moved = new Map<string, string>();
  readonly #frames = new Map<number, Uint8Array>();

  constructor(path: string, key: Uint8Array) {
    this.#journal = new Journal(path, key);
  }

  async open(): Promise<void> {
    await this.#journal.open((plain, frame) => {
      this.#learn(plain, frame);
    });
  }

  async close(): Promise<void> {
    await this.#journal.close();
  }

  async read(oid: string): Promise<GitObject | undefined> {
    const waiting = this.#waiting.get(oid);
    if (waiting) return waiting;
    const place = this.#places.get(oid);
    const plain = place && (await this.#frame(place.frame));
    if (!plain) return undefined;
    const value = plain.slice(place.span.from, place.span.to);
    const type = types[value[0] ?? types.length];
    return type && { oid, type, body: value.subarray(1) };
  }

  write(objects: readonly GitObject[]): Promise<void> {
    for (const object of objects) {
      if (!this.#places.has(object.oid)) this.#waiting.set(object.oid, object);
    }
    return Promise.resolve();
  }

  refs(): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map([...this.#refs, ...this.#moved]));
  }

  moveRef(name: string, oid: string): Promise<void> {
    this.#moved.set(name, oid);
    return Promise.resolve();
  }

  async flush(): Promise<void> {
    // They stay readable here until they are there; what comes meanwhile is for the next flush.
    const [objects, moved] = [[...this.#waiting.values()], [...this.#moved]];
    if (objects.length + moved.length === 0) return;
    const changes: Change[] = [
      ...objects.map((object) => ({ key: object.oid, value: objectBytes(object) })),
      ...moved.map(([name, oid]) => ({ key: name, value: Buffer.from(oid) })),
    ];
    const plain = changeBytes(changes);
    this.#learn(plain, await this.#journal.append(plain));
    for (const { oid } of objects) this.#waiting.delete(oid);
    for (const [name, oid] of moved) if (this.#moved.get(name) === oid) this.#moved.delete(name);
  }

  #learn(plain: Uint8Array, frame: FramePlace): void {
    for (const { key, span } of changesIn(plain)) {
      if (!span) continue;
      if (key.startsWith('refs/')) {
        this.#refs.set(key, Buffer.from(plain.subarray(span.from, span.to)).toString());
      } else {
        this.#places.set(key, { frame, span });
      }
    }
  }

  async #frame(place: FramePlace): Promise<Uint8Array | undefined> {
    const open = this.#frames.get(place.at);
    if (open) return open;
    const plain = await this.#journal.read(place);
    if (!plain) return undefined;
    this.#frames.set(place.at, plain);
    const [oldest] = this.#frames.keys();
    if (this.#frames.size > openFrames && oldest !== undefined) this.#frames.delete(oldest);
    return plain;
  }
}

function objectBytes({ type, body }: GitObject): Uint8Array {
  return Buffer.concat([Uint8Array.of(types.indexOf(type)), body]);
}
