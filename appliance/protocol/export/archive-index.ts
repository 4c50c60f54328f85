import { refused, type Parsed } from '../verdict.ts';
import { partOf, type RecordBytes } from './record-bytes.ts';
import { archiveEnd, blockBytes, paddedSize, readEntryHead } from './ustar.ts';

/** Most entries of an archive; stops an index without end. */
const mostEntries = 131_072;

/**
 * Finds the files of an archive. Paths ascend, so none is there twice; padding and end are zeros
 * and nothing follows. Reads a header a file and keeps nothing else.
 */
export async function indexOf(bytes: RecordBytes): Promise<Parsed<Map<string, RecordBytes>>> {
  const found = new Map<string, RecordBytes>();
  let last = '';
  let at = 0;
  while (at + archiveEnd.length < bytes.size) {
    const head = readEntryHead(await bytes.read(at, at + blockBytes));
    if (!head.ok) return head;
    const { path, size } = head.value;
    if (path <= last) return refused('T4', 'the archive is not in order');
    if (found.size === mostEntries) return refused('T4', 'the archive has too many entries');
    const from = at + blockBytes;
    at = from + paddedSize(size);
    if (at + archiveEnd.length > bytes.size) return refused('T4', 'the archive is cut off');
    if (!isZero(await bytes.read(from + size, at))) return refused('T4', 'padding is not zero');
    found.set(path, partOf(bytes, from, size));
    last = path;
  }
  if (at + archiveEnd.length !== bytes.size) return refused('T4', 'the archive is cut off');
  if (!isZero(await bytes.read(at, bytes.size))) return refused('T4', 'the archive does not end');
  return { ok: true, value: found };
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
