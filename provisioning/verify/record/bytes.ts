import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { refuse } from '../refusal.ts';

/** Bytes that may be more than memory holds. */
export interface Bytes {
  readonly size: number;
  read(from: number, to: number): Buffer;
  close(): void;
}

/** A file's bytes; throws as `node:fs` does if it cannot be opened. */
export function fileBytes(path: string): Bytes {
  const file = openSync(path, 'r');
  return {
    size: fstatSync(file).size,
    read: (from, to) => {
      const bytes = Buffer.alloc(Math.max(0, to - from));
      const got = readSync(file, bytes, 0, bytes.length, from);
      if (got !== bytes.length) refuse('record', 'the file ends before it should');
      return bytes;
    },
    close: () => closeSync(file),
  };
}

/** Bytes that are in memory. */
export function memoryBytes(bytes: Uint8Array): Bytes {
  const buffer = Buffer.from(bytes);
  const read = (from: number, to: number): Buffer => {
    if (to > buffer.length) refuse('record', 'the file ends before it should');
    return buffer.subarray(from, to);
  };
  return { size: buffer.length, read, close: () => undefined };
}

/** A part of some bytes. */
export function part(bytes: Bytes, from: number, size: number): Bytes {
  return { size, read: (a, b) => bytes.read(from + a, from + b), close: () => undefined };
}

const piece = 4 * 1024 * 1024;

/** SHA-512 in hex, read piece by piece, after a beginning. */
export function digestOf(bytes: Bytes, tick: (read: number) => void, start?: Uint8Array): string {
  const hash = createHash('sha512');
  if (start !== undefined) hash.update(start);
  for (let at = 0; at < bytes.size; at += piece) {
    const next = bytes.read(at, Math.min(bytes.size, at + piece));
    hash.update(next);
    tick(next.length);
  }
  return hash.digest('hex');
}
