import { must, refuse } from '../refusal.ts';
import { part, type Bytes } from './bytes.ts';

/** Files of a record by path, in their order. */
export type Archive = ReadonlyMap<string, Bytes>;

const block = 512;

/** Reads the one form of a record's archive (protocol README, "File"); every other is refused. */
export function readArchive(bytes: Bytes): Archive {
  const files = new Map<string, Bytes>();
  let [at, last] = [0, ''];
  for (;;) {
    must(at + block <= bytes.size, 'record', 'the archive ends before it should');
    const header = bytes.read(at, at + block);
    if (isZero(header)) break;
    const { path, size } = readHeader(header);
    must(path > last, 'record', 'the files are not in order of their path');
    must(files.size < 131_072, 'record', 'the archive holds too many files');
    const end = at + block + size;
    const next = Math.ceil(end / block) * block;
    must(next <= bytes.size, 'record', 'the archive ends before it should');
    must(isZero(bytes.read(end, next)), 'record', 'something is hidden behind a file');
    files.set(path, part(bytes, at + block, size));
    [at, last] = [next, path];
  }
  must(bytes.size === at + 2 * block, 'record', 'the archive does not end where it should');
  must(isZero(bytes.read(at, bytes.size)), 'record', 'something is hidden behind the archive');
  return files;
}

function readHeader(header: Buffer): { path: string; size: number } {
  const text = (from: number, to: number): string => {
    const bytes = header.subarray(from, to);
    const end = bytes.indexOf(0);
    const whole = end < 0 ? bytes : bytes.subarray(0, end);
    must(end < 0 || isZero(bytes.subarray(end)), 'record', 'something is hidden in a header');
    return whole.toString('latin1');
  };
  const [name, prefix] = [text(0, 100), text(345, 500)];
  const path = prefix === '' ? name : `${prefix}/${name}`;
  const isPath = path.split('/').every((one) => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(one));
  must(
    isPath && (prefix === '' || path.length > 100),
    'record',
    'a file has a path that it may not have',
  );
  const size = text(124, 136);
  must(/^[0-7]{11}$/.test(size), 'record', 'a size has a bad form');
  const again = writeHeader(name, prefix, size);
  if (!again.equals(header)) refuse('record', `the header of ${path} is not in its one form`);
  return { path, size: Number.parseInt(size, 8) };
}

/** The one header of a file: mode 0644, no owner, no time. */
function writeHeader(name: string, prefix: string, size: string): Buffer {
  const header = Buffer.alloc(block);
  const put = (at: number, text: string): void => void header.write(text, at, 'latin1');
  put(0, name);
  put(100, '0000644\u00000000000\u00000000000\0');
  put(124, `${size}\u000000000000000\0        0`);
  put(257, 'ustar\u000000');
  put(329, '0000000\u00000000000\0');
  put(345, prefix);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return header;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
