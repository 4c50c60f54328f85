import { commitLimits } from '../codec/commit.ts';
import type { GitType } from '../codec/git-object.ts';
import { maxTreeBytes } from './tree.ts';

/** What a pack may cost its reader. */
export interface PackLimits {
  /** The pack itself, compressed. */
  packBytes: number;
  objects: number;
  commits: number;
  /** All objects, inflated: stops deflate bombs. */
  inflatedBytes: number;
  /** Inflated bytes for each deflated one, beyond `freeBytes`: ciphertext does not shrink. */
  ratio: number;
  freeBytes: number;
  /** Of one object. */
  objectBytes: Readonly<Record<GitType, number>>;
}

const mebibyte = 1_048_576;

/** L1: sizes of single objects. A commit's own limit by kind is R1's. */
const objectBytes = { commit: commitLimits.epoch, tree: maxTreeBytes, blob: 65_536 } as const;

/** What a device may send at once (L2, SWARM §11.3). */
export const pushLimits: PackLimits = {
  packBytes: 4 * mebibyte,
  objects: 2048,
  commits: 512,
  inflatedBytes: 4 * mebibyte,
  ratio: 16,
  freeBytes: 65_536,
  objectBytes,
};

/** What a device takes as one page of a fetch (L3). */
export const pageLimits: PackLimits = {
  packBytes: 8 * mebibyte,
  objects: 16_384,
  commits: 8192,
  inflatedBytes: 32 * mebibyte,
  ratio: 16,
  freeBytes: 65_536,
  objectBytes,
};
