import { equal } from '../codec/bytes.ts';
import { fromB64u } from '../codec/text-form.ts';
import { accepted, refused, type Parsed, type Verdict } from '../verdict.ts';
import { readKid, type StreamKey } from './kid.ts';
import type { SignalBody, StreamEntry } from './signal-form.ts';

/** How long a key is still taken after a newer one came, or after one of its holders was removed (W4). */
export const graceMs = 5_000;

/** Keys kept of one device: the newest and a few that end within five seconds. Stops filling memory. */
const maxKeys = 8;

/** A key as its sender announced it. The same object for as long as it is held. */
export interface ReceivedKey {
  readonly session: string;
  readonly generation: number;
  readonly base: Uint8Array;
  streams: readonly StreamEntry[];
  /** Devices that hold it. */
  to: readonly string[];
}

/** What a frame's KID stands for. */
export interface FoundKey {
  key: ReceivedKey;
  stream: StreamEntry;
  place: StreamKey;
}

interface Held {
  key: ReceivedKey;
  at: number;
  /** When a newer key came. */
  replacedAt: number;
}

/**
 * The keys of all others in one call. Keys are looked up by device and KID: two devices may draw one session,
 * and neither can take the other's place. Times are milliseconds of one steady clock.
 */
export class ReceiverKeys {
  readonly #conf: string;
  readonly #devices = new Map<string, Held[]>();
  readonly #removed = new Map<string, number>();

  constructor(conf: string) {
    this.#conf = conf;
  }

  /** Takes a verified announcement of a device that takes part in the call. */
  announce(device: string, body: SignalBody<'media-key'>, now: number): Verdict {
    if (body.conf !== this.#conf) return refused('W1', 'the key is for another call');
    const base = fromB64u(body.base, 32);
    if (base === undefined) return refused('W1', 'the key has a bad form');
    if (new Set(body.streams.map((stream) => stream.i)).size !== body.streams.length) {
      return refused('W2', 'two streams have one place');
    }
    const held = this.#devices.get(device) ?? [];
    const same = held.find(
      ({ key }) => key.session === body.session && key.generation === body.gen,
    );
    if (same !== undefined) return this.#repeat(same.key, body, base);
    const newest = held.at(-1);
    if (newest?.key.session === body.session && body.gen < newest.key.generation) {
      return refused('W4', 'the key is older than the newest');
    }
    if (newest !== undefined) newest.replacedAt = now;
    const { session, gen: generation, streams, to } = body;
    const key: ReceivedKey = { session, generation, base, streams, to };
    this.#devices.set(device, [...held, { key, at: now, replacedAt: Infinity }].slice(-maxKeys));
    // Who announces takes part again.
    this.#removed.delete(device);
    return accepted;
  }

  /**
   * A device left or was removed: its own keys end at once, and in five seconds those of others that it
   * holds, unless they have made new ones.
   */
  remove(device: string, now: number): void {
    this.#devices.delete(device);
    this.#removed.set(device, now);
  }

  /** The key and stream of a frame by this device, or why it is dropped (W3). */
  find(device: string, kid: bigint, now: number): Parsed<FoundKey> {
    const place = readKid(kid);
    if (place === undefined) return refused('W3', 'the key id is not one of ours');
    const held = this.#devices
      .get(device)
      ?.find(({ key }) => key.session === place.session && key.generation === place.generation);
    if (held === undefined) return refused('W3', 'the key is not known');
    if (now > this.#endOf(held)) return refused('W4', 'the key has ended');
    const stream = held.key.streams.find(({ i }) => i === place.stream);
    if (stream === undefined) return refused('W3', 'the stream was not announced');
    return { ok: true, value: { key: held.key, stream, place } };
  }

  #repeat(key: ReceivedKey, body: SignalBody<'media-key'>, base: Uint8Array): Verdict {
    if (!equal(key.base, base)) return refused('W2', 'one key id has two keys');
    key.streams = body.streams;
    key.to = body.to;
    return accepted;
  }

  #endOf({ key, at, replacedAt }: Held): number {
    let end = replacedAt + graceMs;
    if (this.#removed.size === 0) return end;
    for (const device of key.to) {
      const removedAt = this.#removed.get(device);
      if (removedAt !== undefined) end = Math.min(end, Math.max(removedAt, at) + graceMs);
    }
    return end;
  }
}
