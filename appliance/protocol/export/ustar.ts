import { equal, fromUtf8, utf8 } from '../codec/bytes.ts';
import { refused, type Parsed } from '../verdict.ts';

/** Everything in the archive stands in blocks of so many bytes. */
export const blockBytes = 512;

/** What the eleven octal digits of a size can say: just below 8 GiB. */
export const largestEntry = 8 ** 11 - 1;

/** Zero blocks that end an archive. */
export const archiveEnd = new Uint8Array(2 * blockBytes);

/** What an entry is. */
export interface EntryHead {
  path: string;
  /** Bytes, without padding. */
  size: number;
}

/**
 * Header of a regular file (POSIX.1-1988 ustar): mode 0644, owner 0, time 0, no names. Throws
 * RangeError for a size or a path that the form cannot say.
 */
export function entryHead({ path, size }: EntryHead): Uint8Array {
  const [prefix, name] = splitPath(path);
  if (!Number.isInteger(size) || size < 0 || size > largestEntry) {
    throw new RangeError('an entry cannot be so large');
  }
  const head = new Uint8Array(blockBytes);
  const put = (at: number, text: string) => head.set(utf8(text), at);
  put(0, name);
  for (const [at, text] of [
    [100, '0000644'],
    [108, '0000000'],
    [116, '0000000'],
  ] as const)
    put(at, text);
  put(124, octal(size, 11));
  put(136, octal(0, 11));
  put(148, ' '.repeat(8));
  put(156, '0');
  put(257, 'ustar\0' + '00');
  put(329, '0000000');
  put(337, '0000000');
  put(345, prefix);
  const sum = head.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 6)}\0 `);
  return head;
}

/** Zeros after an entry of so many bytes. */
export function padding(size: number): Uint8Array {
  return new Uint8Array(paddedSize(size) - size);
}

/** Room that so many bytes take. */
export function paddedSize(size: number): number {
  return Math.ceil(size / blockBytes) * blockBytes;
}

/** Reads what `entryHead` writes; refuses everything else, so that an entry has one writing. */
export function readEntryHead(block: Uint8Array): Parsed<EntryHead> {
  const prefix = fieldOf(block, 345, 155);
  const name = fieldOf(block, 0, 100);
  const size = fieldOf(block, 124, 12);
  if (prefix === undefined || name === undefined || !/^[0-7]{11}$/.test(size ?? '')) {
    return refused('T4', 'an entry of the archive has another form');
  }
  const head = {
    path: prefix === '' ? name : `${prefix}/${name}`,
    size: parseInt(size as string, 8),
  };
  if (!isPath(head.path) || block.length !== blockBytes || !equal(entryHead(head), block)) {
    return refused('T4', 'an entry of the archive has another writing');
  }
  return { ok: true, value: head };
}

/** Whether a path stays below the place it is unpacked to, and fits. */
function isPath(path: string): boolean {
  return (
    /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/.test(path) &&
    (path.length <= 100 || splitAt(path) >= 0)
  );
}

function splitPath(path: string): [prefix: string, name: string] {
  if (!isPath(path)) throw new RangeError('an entry cannot have this path');
  if (path.length <= 100) return ['', path];
  const slash = splitAt(path);
  return [path.slice(0, slash), path.slice(slash + 1)];
}

/** Where a long path is cut: at its last slash; -1 if a part is too long then. */
function splitAt(path: string): number {
  const slash = path.lastIndexOf('/');
  return slash > 0 && slash <= 155 && path.length - slash - 1 <= 100 ? slash : -1;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

/** Text of a field up to its first zero. */
function fieldOf(block: Uint8Array, at: number, length: number): string | undefined {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return fromUtf8(end < 0 ? field : field.subarray(0, end));
}
