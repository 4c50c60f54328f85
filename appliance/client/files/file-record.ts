import { utf8 } from '#protocol/codec/bytes.ts';
import { encode } from '#protocol/codec/canonical-json.ts';
import { sha512 } from '#protocol/codec/digest.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import type { FileOffer } from '#protocol/transfer/offer.ts';
import type { VaultChange } from '../vault.ts';

/** A file of which this device keeps something. */
export interface FileRecord {
  /** Out: sealed here, on its way to the box. In: of a message, ours or another's. */
  way: 'out' | 'in';
  /** `here` and `damaged` only of those that come in. */
  state: 'moving' | 'paused' | 'here' | 'damaged';
  cid: string;
  offer: FileOffer;
  /** When the person chose it. */
  atMs: number;
}

const keys = new WeakMap<FileOffer, string>();

/**
 * What this device calls a file: a hash over the whole offer. So an offer that copies the `tid` or
 * the ciphertext of another file, with other hashes, can neither pass for it nor destroy it.
 */
export function keyOf(offer: FileOffer): string {
  const known = keys.get(offer);
  if (known !== undefined) return known;
  const key = toB64u(sha512(utf8(encode({ ...offer }))).subarray(0, 32));
  keys.set(offer, key);
  return key;
}

/** Prefix of all records of files in the vault. */
export const filePrefix = 'file/';

/** Begins the names of parts that are of no conversation's file: those of the mission's record. */
export const recordPrefix = 'record-';

/** Keeps a record, or forgets it. */
export function recordChange(key: string, value?: FileRecord): VaultChange {
  return { key: filePrefix + key, value };
}
