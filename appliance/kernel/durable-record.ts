import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectoryDurably, removeDurably, writeDurably } from './durable-file.ts';
import { systemCode } from './refusal.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import type { Guard } from '#protocol/codec/shape.ts';

/** One small value in a JSON file, replaced as a whole. */
export interface DurableRecord<T> {
  /** The value; undefined when there is none. Throws for a file that is damaged. */
  read(): Promise<T | undefined>;
  /** On the disk when it resolves. */
  write(value: T): Promise<void>;
  remove(): Promise<void>;
}

/** The record at `path`; `isT` is what the file must hold to be believed. */
export function durableRecord<T>(path: string, isT: Guard<T>): DurableRecord<T> {
  return {
    read: async () => {
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (systemCode(error) === 'ENOENT') return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      const value: unknown = JSON.parse(text);
      if (!isT(value)) throw new Error(`${path} is damaged`);
      return value;
    },
    write: async (value) => {
      await makeDirectoryDurably(dirname(path));
      await writeDurably(path, utf8(JSON.stringify(value)));
    },
    remove: () => removeDurably(path),
  };
}
