import { H32 } from '../codec/hash.ts';
import { toB64u } from '../codec/text-form.ts';
import type { Engine } from '../ports.ts';
import type { SignalBody, StreamEntry } from './signal-form.ts';

/** What a sender's frames are sealed under just now. */
export interface SenderKey {
  /** b64u of 3 bytes. */
  session: string;
  generation: number;
  /** 32 bytes, of which each stream derives its own key by its KID. */
  base: Uint8Array;
}

/** To whom a key is announced, and for what. */
export interface Announced {
  conf: string;
  streams: readonly StreamEntry[];
  /** Heads of the mission that the sender knows: one who knows of a removal informs all. */
  mh: readonly string[];
  /** All devices that get the key. */
  to: readonly string[];
  epoch?: string;
}

/**
 * How long after its announcement a key made by `joined` is first used, in milliseconds: so that nobody
 * misses a frame. The newcomer could not open earlier frames anyway. A key made by `left` is used at once.
 */
export const joinSwitchMs = 500;

const lastGeneration = 65_535;

/** The key of one sender in one call (W1, W4). It lives as long as the page: never stored, never resumed. */
export class SenderKeys {
  readonly #engine: Engine;
  #key: SenderKey;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#key = this.#fresh();
  }

  get key(): SenderKey {
    return this.#key;
  }

  /** Somebody joined: the next key follows from this one, which the newcomer cannot compute back. */
  joined(): SenderKey {
    const { session, generation, base } = this.#key;
    if (generation === lastGeneration) return (this.#key = this.#fresh());
    return (this.#key = { session, generation: generation + 1, base: ratchet(base) });
  }

  /** Somebody left, was banned or lost the device: the next key follows from nothing that he holds. */
  left(): SenderKey {
    const { session, generation } = this.#key;
    if (generation === lastGeneration) return (this.#key = this.#fresh());
    return (this.#key = { session, generation: generation + 1, base: this.#engine.random(32) });
  }

  /** A new session too, so that no KID ever has two keys. */
  #fresh(): SenderKey {
    const session = toB64u(this.#engine.random(3));
    return { session, generation: 0, base: this.#engine.random(32) };
  }
}

/** The next base key on a join: a hash, so it goes one way. */
export function ratchet(base: Uint8Array): Uint8Array {
  return H32('ratchet', base);
}

/** The body of the mail that tells a key. */
export function announcementOf(key: SenderKey, at: Announced): SignalBody<'media-key'> {
  return {
    base: toB64u(key.base),
    conf: at.conf,
    gen: key.generation,
    mh: [...at.mh],
    session: key.session,
    streams: [...at.streams],
    to: at.to.toSorted(),
    ...(at.epoch !== undefined && { epoch: at.epoch }),
  };
}
