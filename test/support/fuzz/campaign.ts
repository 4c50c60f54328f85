import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { seeded } from '../seeded.ts';
import { below, bendBytes, pick, splice } from './bend.ts';
import type { Target } from './target.ts';

/** What a campaign has done. */
export interface Tally {
  rounds: number;
  accepted: number;
}

/** An input that a target failed on, with what repeats it. */
export class Found extends Error {
  readonly seed: number;
  readonly round: number;
  readonly input: Uint8Array;

  constructor(seed: number, round: number, input: Uint8Array, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`seed ${seed}, round ${round}: ${why}`, { cause });
    this.name = 'Found';
    this.seed = seed;
    this.round = round;
    this.input = input;
  }
}

/** Memory that a reader may hold beyond what it held at the beginning; inputs are far smaller. */
const mostBytes = 256 * 2 ** 20;
/** Longest time for one input: far beyond what any of these sizes needs, on a busy machine too. */
const mostMs = 10_000;
/** Largest input that is made: the limits of all readers lie below or are tried by `bend`. */
const largest = 2 ** 20;
/** Inputs that were accepted although bent, kept to go on from: the newest of them. */
const mostKept = 64;

/**
 * Bends good inputs at random, in bytes and in structure, until the time is over. Rejects with
 * `Found` when the target throws, takes too long or holds too much memory. The same seed makes the
 * same inputs in the same order.
 */
export async function campaign(target: Target, seed: number, seconds: number): Promise<Tally> {
  const random = seeded(seed);
  const samples = await target.samples();
  const words = (target.words ?? []).map((word) => new TextEncoder().encode(word));
  for (const sample of samples) {
    if (!(await target.read(sample))) throw new Found(seed, 0, sample, 'a good sample is refused');
  }
  const kept: Uint8Array[] = [];
  const before = heldBytes();
  const end = performance.now() + seconds * 1000;
  const tally: Tally = { rounds: 0, accepted: 0 };
  while (performance.now() < end) {
    tally.rounds += 1;
    const base = pick(random, kept.length > 0 && random() < 0.3 ? kept : samples);
    const input = bent(base, samples, target, words, random);
    try {
      const begun = performance.now();
      const isAccepted = await target.read(input);
      if (performance.now() - begun > mostMs) throw new Error('it takes too long');
      if (tally.rounds % 64 === 0 && heldBytes(before + mostBytes) > before + mostBytes) {
        throw new Error('it holds too much memory');
      }
      if (!isAccepted) continue;
      tally.accepted += 1;
      kept.push(input);
      if (kept.length > mostKept) kept.shift();
    } catch (error) {
      throw new Found(seed, tally.rounds, input, error);
    }
  }
  return tally;
}

function bent(
  base: Uint8Array,
  samples: readonly Uint8Array[],
  target: Target,
  words: readonly Uint8Array[],
  random: () => number,
): Uint8Array {
  const structured = random() < 0.5 ? target.bend?.(base, random) : undefined;
  if (structured && random() < 0.9) return structured.subarray(0, largest);
  let input = structured ?? base;
  if (random() < 0.1) input = splice(input, pick(random, samples), random);
  for (let changes = 1 + below(random, 4); changes > 0; changes -= 1) {
    input = bendBytes(input, random, words);
  }
  return input.subarray(0, largest);
}

/** Bytes in use; what nobody holds any more is cleared away where it would be too much. */
function heldBytes(most = 0): number {
  const used = (): number => {
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    return arrayBuffers + heapUsed;
  };
  const held = used();
  if (held <= most) return held;
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return used();
}
