import { utf8 } from '../codec/bytes.ts';
import { encode } from '../codec/canonical-json.ts';
import { H32 } from '../codec/hash.ts';
import { toB64u, toBase64 } from '../codec/text-form.ts';
import type { SignalBody } from './signal-form.ts';

/** Bytes of a frame's hash in a digest: the start of SHA-256 over the frame as sent, clear bytes included. */
export const frameHashBytes = 8;

/** How often a sender closes a window, in milliseconds (W5). */
export const digestMs = 1_000;

/** Most frames that one entry lists; more begin another. */
const maxListed = 1024;

/** One frame: its stream, generation and counter, and the first 8 bytes of its SHA-256. */
export interface FrameMark {
  stream: number;
  generation: number;
  ctr: number;
  hash: Uint8Array;
}

/** What a digest names its frames by: stream, generation, first and last counter, hashes. */
type Entry = SignalBody<'digest'>['st'][number];

/** Makes the digests of one session: what its device sent, window by window, each bound to the one before. */
export class DigestWriter {
  readonly #conf: string;
  readonly #session: string;
  #frames: FrameMark[] = [];
  #window = 0;
  #before: string | undefined;

  constructor(conf: string, session: string) {
    this.#conf = conf;
    this.#session = session;
  }

  /** A frame that was sent; those of one stream in order. */
  add(frame: FrameMark): void {
    this.#frames.push(frame);
  }

  /** Ends the window. Also without frames: silence is then known to be silence. */
  close(): SignalBody<'digest'> {
    const body: SignalBody<'digest'> = {
      conf: this.#conf,
      session: this.#session,
      st: entries(this.#frames),
      w: this.#window++,
      ...(this.#before !== undefined && { h: this.#before }),
    };
    this.#before = digestHash(body);
    this.#frames = [];
    return body;
  }
}

/** By what the next digest of the session names this one. */
export function digestHash(body: SignalBody<'digest'>): string {
  return toB64u(H32('frames', utf8(encode(body))));
}

function entries(frames: readonly FrameMark[]): Entry[] {
  const runs: FrameMark[][] = [];
  const open = new Map<number, FrameMark[]>();
  for (const frame of frames) {
    const run = open.get(frame.stream);
    const last = run?.at(-1);
    const follows = last?.generation === frame.generation && last.ctr + 1 === frame.ctr;
    if (run !== undefined && follows && run.length < maxListed) {
      run.push(frame);
    } else {
      const next = [frame];
      open.set(frame.stream, next);
      runs.push(next);
    }
  }
  return runs.map(entry);
}

function entry(run: readonly FrameMark[]): Entry {
  const hashes = new Uint8Array(run.length * frameHashBytes);
  run.forEach(({ hash }, i) => hashes.set(hash, i * frameHashBytes));
  const { stream, generation, ctr } = run[0] as FrameMark;
  return [stream, generation, ctr, ctr + run.length - 1, toBase64(hashes)];
}
