import { H } from '../codec/hash.ts';
import { fromB64u, toB64u } from '../codec/text-form.ts';

/**
 * Merkle root over commits by their sids, in whatever order they come: 64 bytes as b64u. Throws
 * TypeError for a malformed sid or for none at all; a swarm has a genesis.
 */
export function merkleRoot(sids: readonly string[]): string {
  let row = sids.toSorted().map((sid) => {
    const bytes = fromB64u(sid, 64);
    if (bytes === undefined) throw new TypeError('not a sid');
    return H('leaf', bytes);
  });
  while (row.length > 1) {
    row = Array.from({ length: Math.ceil(row.length / 2) }, (_, i) => {
      const [left, right] = [row[2 * i] as Uint8Array, row[2 * i + 1]];
      return right === undefined ? left : H('node', left, right);
    });
  }
  if (row[0] === undefined) throw new TypeError('there is no commit');
  return toB64u(row[0]);
}
