import type { Line } from '#protocol/content/fold.ts';
import { addressOf, isFileOffer } from '#protocol/transfer/offer.ts';
import type { FileRecord } from './file-record.ts';

/** How many files are on their way out: the box does not have them. */
export function unsentIn(records: readonly FileRecord[]): number {
  return records.filter(({ way }) => way === 'out').length;
}

/**
 * Addresses of files that the box had whole, as this device knows of its own: it fetched them, or
 * its person (`me`) offered them, which nobody does before. What others offer may never have been there.
 */
export function addressesOnBox(
  records: readonly FileRecord[],
  lines: readonly Line[],
  me: string,
): ReadonlySet<string> {
  const here = records.filter(({ state }) => state === 'here').map(({ offer }) => offer);
  const offered = lines.flatMap(({ author, content }) => {
    const isOwn = author === me && content.t === 'data-transfer';
    return isOwn && isFileOffer(content.b) ? content.b : [];
  });
  return new Set([...here, ...offered].map(addressOf));
}
