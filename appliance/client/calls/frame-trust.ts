import { DigestCheck, type StreamTrust } from '#protocol/media/digest-check.ts';
import { DigestWriter, type FrameMark } from '#protocol/media/digest.ts';
import type { SignalBody } from '#protocol/media/signal-form.ts';
import type { Clock } from '../ports.ts';

/** A stream that was found out: it is to be silenced. */
export interface Forged {
  device: string;
  session: string;
  stream: number;
}

interface Seen {
  check: DigestCheck;
  session: string;
  /** Streams of which something was shown. */
  streams: Set<number>;
}

/**
 * Who really speaks (W5): what this device sent, listed and signed once a second, and what was
 * shown of others, held against their lists. All participants hold all media keys, so without
 * this any of them could speak as any other, with the help of the box.
 */
export class FrameTrust {
  readonly #conf: string;
  readonly #clock: Clock;
  readonly #writers = new Map<string, DigestWriter>();
  readonly #seen = new Map<string, Seen>();
  readonly #silenced = new Set<string>();

  constructor(conf: string, clock: Clock) {
    this.#conf = conf;
    this.#clock = clock;
  }

  /** A second's frames of ours; returns what is to be signed. */
  sent(session: string, frames: readonly FrameMark[]): SignalBody<'digest'> {
    const writer = this.#writers.get(session) ?? new DigestWriter(this.#conf, session);
    this.#writers.set(session, writer);
    for (const frame of frames) writer.add(frame);
    return writer.close();
  }

  /** Frames of a device that were shown; returns streams that are forged, each once. */
  shown(device: string, session: string, frames: readonly FrameMark[]): Forged[] {
    const seen = this.#of(device, session);
    const now = this.#clock.now();
    for (const frame of frames) {
      seen.streams.add(frame.stream);
      seen.check.shown(frame, now);
    }
    seen.check.judge(now);
    return this.#forged(device, seen);
  }

  /** A digest that this device signed. */
  digest(device: string, body: SignalBody<'digest'>): Forged[] {
    if (body.conf !== this.#conf) return [];
    const seen = this.#of(device, body.session);
    const now = this.#clock.now();
    seen.check.take(body, now);
    return this.#forged(device, seen);
  }

  /** What is known of a device, the worst of its streams; undefined if nothing was shown. */
  of(device: string): StreamTrust | undefined {
    const seen = this.#seen.get(device);
    if (!seen || seen.streams.size === 0) return undefined;
    const now = this.#clock.now();
    const all = [...seen.streams].map((stream) => seen.check.trust(stream, now));
    return worst.find((trust) => all.includes(trust));
  }

  forget(device: string): void {
    this.#seen.delete(device);
  }

  #of(device: string, session: string): Seen {
    const known = this.#seen.get(device);
    if (known?.session === session) return known;
    // A new session is a new page of the same device: what was known of the old one is over.
    const check = new DigestCheck(this.#clock.now());
    const made = { check, session, streams: new Set<number>() };
    this.#seen.set(device, made);
    return made;
  }

  #forged(device: string, { check, session }: Seen): Forged[] {
    const found = check.forgeries.map(({ stream }) => ({ device, session, stream }));
    return found.filter(({ stream }) => {
      const name = `${device} ${session} ${stream}`;
      if (this.#silenced.has(name)) return false;
      this.#silenced.add(name);
      return true;
    });
  }
}

const worst: readonly StreamTrust[] = ['forged', 'unverified', 'waiting', 'verified'];
