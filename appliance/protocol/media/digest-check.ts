import { toHex, fromBase64 } from '../codec/text-form.ts';
import { accepted, refused, type Verdict } from '../verdict.ts';
import { digestHash, frameHashBytes, type FrameMark } from './digest.ts';
import type { SignalBody } from './signal-form.ts';

/** How long a shown frame may be without a digest that lists it, in milliseconds (W5). */
const patienceMs = 3_000;

/** Windows whose lists are kept for frames that come late. */
const keptWindows = 10;

/**
 * What is known of who speaks: `waiting` nothing yet, `verified` the device signed what was shown, `unverified`
 * its digests are missing, `forged` shown was what the device did not send.
 */
export type StreamTrust = 'waiting' | 'verified' | 'unverified' | 'forged';

/** Why a stream is forged: the frame, its hash as shown and as listed (none: it was never listed). */
export interface Forgery {
  stream: number;
  generation: number;
  ctr: number;
  shown: string;
  listed?: string;
}

interface Shown extends FrameMark {
  at: number;
  /** Digests that have come since. */
  digests: number;
  /** A digest that could have listed it was lost. */
  excused: boolean;
}

/**
 * Compares what was shown of one session with the digests that its device signed (W5). Without it any
 * participant together with the SFU could speak as another, since all hold the media key. Times are one
 * steady clock's milliseconds; `judge` must be called about once a second.
 */
export class DigestCheck {
  readonly #started: number;
  readonly #pending = new Map<string, Shown>();
  readonly #listed = new Map<string, string>();
  readonly #windows: string[][] = [];
  readonly #forged = new Map<number, Forgery>();
  // When the newest frame was shown that a digest listed, and that none did.
  readonly #matchedAt = new Map<number, number>();
  readonly #missedAt = new Map<number, number>();
  #last: SignalBody<'digest'> | undefined;
  #digestAt: number | undefined;
  #gapAt = -Infinity;

  constructor(now: number) {
    this.#started = now;
  }

  /** A frame that was decrypted and handed to the decoder. */
  shown(frame: FrameMark, now: number): void {
    const listed = this.#listed.get(nameOf(frame));
    if (listed !== undefined) return this.#compare(frame, listed, now);
    // Shortly after a gap, frames of the lost window still come in.
    const excused = now - this.#gapAt < 1_000;
    this.#pending.set(nameOf(frame), { ...frame, at: now, digests: 0, excused });
  }

  /** A verified digest of this session. Refused if it is not newer, or contradicts the one before. */
  take(body: SignalBody<'digest'>, now: number): Verdict {
    const last = this.#last;
    if (last !== undefined && body.w <= last.w) return refused('W5', 'the digest came before');
    const follows = last !== undefined && body.w === last.w + 1;
    if (follows && body.h !== digestHash(last)) {
      return refused('W5', 'the digest denies the one before');
    }
    const marks = read(body);
    if (marks === undefined) return refused('W5', 'the digest counts wrongly');
    if (!follows) this.#gapAt = now;
    this.#last = body;
    this.#digestAt = now;
    this.#list(marks);
    for (const frame of this.#pending.values()) {
      frame.digests++;
      frame.excused ||= !follows;
    }
    return accepted;
  }

  /** Judges the frames whose time is over. */
  judge(now: number): void {
    for (const [name, frame] of this.#pending) {
      if (now - frame.at < patienceMs) return;
      this.#pending.delete(name);
      // One digest may have been on its way when the frame was sent; two cannot.
      if (frame.excused || frame.digests < 2) this.#missedAt.set(frame.stream, frame.at);
      else this.#accuse(frame);
    }
  }

  /** What is known of a stream now. Once forged, it stays so. */
  trust(stream: number, now: number): StreamTrust {
    if (this.#forged.has(stream)) return 'forged';
    if (now - (this.#digestAt ?? this.#started) > patienceMs) return 'unverified';
    const missed = this.#missedAt.get(stream) ?? -Infinity;
    const matched = this.#matchedAt.get(stream) ?? -Infinity;
    if (missed > matched) return 'unverified';
    return matched > -Infinity ? 'verified' : 'waiting';
  }

  /** The evidence, a frame for each forged stream. */
  get forgeries(): readonly Forgery[] {
    return [...this.#forged.values()];
  }

  #list(marks: readonly FrameMark[]): void {
    const names = marks.map(nameOf);
    this.#windows.push(names);
    marks.forEach((mark, i) => {
      const name = names[i] as string;
      this.#listed.set(name, toHex(mark.hash));
      const frame = this.#pending.get(name);
      if (frame === undefined) return;
      this.#pending.delete(name);
      this.#compare(frame, toHex(mark.hash), frame.at);
    });
    if (this.#windows.length <= keptWindows) return;
    for (const name of this.#windows.shift() as string[]) this.#listed.delete(name);
  }

  #compare(frame: FrameMark, listed: string, at: number): void {
    if (toHex(frame.hash) === listed) this.#matchedAt.set(frame.stream, at);
    else this.#accuse(frame, listed);
  }

  #accuse({ stream, generation, ctr, hash }: FrameMark, listed?: string): void {
    if (this.#forged.has(stream)) return;
    const shown = toHex(hash);
    const found = { stream, generation, ctr, shown };
    this.#forged.set(stream, { ...found, ...(listed !== undefined && { listed }) });
  }
}

function nameOf({ stream, generation, ctr }: FrameMark): string {
  return `${stream}/${generation}/${ctr}`;
}

/** The frames that a digest lists; undefined if its numbers do not fit its hashes. */
function read({ st }: SignalBody<'digest'>): FrameMark[] | undefined {
  const marks: FrameMark[] = [];
  for (const [stream, generation, first, last, text] of st) {
    const hashes = fromBase64(text);
    if (hashes?.length !== (last - first + 1) * frameHashBytes) return undefined;
    for (let ctr = first; ctr <= last; ctr++) {
      const at = (ctr - first) * frameHashBytes;
      marks.push({ stream, generation, ctr, hash: hashes.subarray(at, at + frameHashBytes) });
    }
  }
  return marks;
}
