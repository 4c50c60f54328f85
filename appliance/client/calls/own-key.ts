import {
  announcementOf,
  joinSwitchMs,
  SenderKeys,
  type SenderKey,
} from '#protocol/media/sender-keys.ts';
import { maxHolders, type SignalBody, type StreamEntry } from '#protocol/media/signal-form.ts';
import type { Engine } from '#protocol/ports.ts';
import type { Clock } from '../ports.ts';

/** The places of this device's streams in the KID; the same in every call (W2). */
export const ownStreams: readonly StreamEntry[] = [
  { i: 0, k: 'audio', layer: 0 },
  { i: 1, k: 'video', layer: 0 },
  { i: 4, k: 'screen', layer: 0 },
];

export interface OwnKeyDeps {
  engine: Engine;
  clock: Clock;
  conf: string;
  /** Sids of the mission's heads that this device knows. */
  heads(): readonly string[];
  /** Tells one device the key; mail, sealed to it alone. */
  send(to: string, body: SignalBody<'media-key'>): void;
  /** Seals frames under this key from now on. */
  use(key: SenderKey): void;
}

/** Most heads that an announcement names. */
const maxHeads = 8;

/** The key of this device's frames in one conference, and who holds it (W1, W4). */
export class OwnKey {
  readonly #deps: OwnKeyDeps;
  readonly #keys: SenderKeys;
  readonly #holders = new Set<string>();
  #switching = new AbortController();

  constructor(deps: OwnKeyDeps) {
    this.#deps = deps;
    this.#keys = new SenderKeys(deps.engine);
  }

  get holders(): ReadonlySet<string> {
    return this.#holders;
  }

  /** The first key: nobody else has it yet. */
  start(): void {
    this.#deps.use(this.#keys.key);
  }

  /** These take part from now on. Frames change to a key that says nothing of earlier ones. */
  add(devices: readonly string[]): void {
    const room = maxHolders - this.#holders.size;
    const fresh = devices.filter((device) => !this.#holders.has(device)).slice(0, room);
    if (fresh.length === 0) return;
    for (const device of fresh) this.#holders.add(device);
    const key = this.#keys.joined();
    this.#announce([...this.#holders]);
    // All have the key before the first frame under it comes.
    const switching = this.#replaceSwitch();
    void this.#deps.clock.wait(joinSwitchMs, switching).then(() => {
      if (!switching.aborted) this.#deps.use(key);
    });
  }

  /** These do not take part any more: not one frame more under a key that they hold. */
  remove(devices: readonly string[]): void {
    const gone = devices.filter((device) => this.#holders.delete(device));
    if (gone.length === 0) return;
    const key = this.#keys.left();
    this.#replaceSwitch();
    this.#announce([...this.#holders]);
    this.#deps.use(key);
  }

  /** Tells a holder the key once more, whose page has started anew. */
  repeat(device: string): void {
    if (this.#holders.has(device)) this.#announce([device]);
  }

  stop(): void {
    this.#switching.abort();
    this.#holders.clear();
  }

  #announce(devices: readonly string[]): void {
    const { conf, heads, send } = this.#deps;
    const body = announcementOf(this.#keys.key, {
      conf,
      streams: ownStreams,
      mh: heads().slice(0, maxHeads),
      to: [...this.#holders],
    });
    for (const device of devices) send(device, body);
  }

  #replaceSwitch(): AbortSignal {
    this.#switching.abort();
    this.#switching = new AbortController();
    return this.#switching.signal;
  }
}
