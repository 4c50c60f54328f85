import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from '../../../../appliance/terminal/state/journal.ts';

const key = new Uint8Array(32).fill(7);
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-journal-'));
  path = join(folder, 'journal');
});
afterEach(async () => {
  for (const journal of open.splice(0)) await journal.close();
  await rm(folder, { recursive: true });
});

const open: Journal[] = [];

/** Opens the file anew; its frames as texts. */
async function frames(of = path, under = key): Promise<{ journal: Journal; texts: string[] }> {
  const texts: string[] = [];
  const journal = new Journal(of, under);
  await journal.open((plain) => texts.push(Buffer.from(plain).toString()));
  open.push(journal);
  return { journal, texts };
}

/** Writes these frames and closes. */
async function written(...texts: string[]): Promise<number[]> {
  const { journal } = await frames();
  const places = [];
  for (const text of texts) places.push(await journal.append(Buffer.from(text)));
  await journal.close();
  return places.map(({ at }) => at);
}

describe('a journal', () => {
  it('gives back every frame in order, and takes more', async () => {
    await written('one', 'two');
    const { journal, texts } = await frames();
    expect(texts).toEqual(['one', 'two']);
    await journal.append(Buffer.from('three'));
    await journal.close();
    expect((await frames()).texts).toEqual(['one', 'two', 'three']);
  });

  it('keeps frames apart that are written at the same time', async () => {
    const { journal } = await frames();
    const texts = Array.from({ length: 20 }, (_, n) => `frame ${n}`);
    await Promise.all(texts.map((text) => journal.append(Buffer.from(text))));
    await journal.close();
    expect((await frames()).texts).toEqual(texts);
  });

  it('has nothing in clear', async () => {
    await written('a word to be searched for');
    expect((await readFile(path)).includes('searched')).toBe(false);
  });

  it('loses at a power cut only the frame that was being written, wherever the cut was', async () => {
    const [, , third = 0] = await written('one', 'two', 'three');
    const whole = await readFile(path);
    for (let length = third; length < whole.length; length += 1) {
      await writeFile(path, whole.subarray(0, length));
      const { journal, texts } = await frames();
      expect(texts).toEqual(['one', 'two']);
      await journal.append(Buffer.from('four'));
      await journal.close();
      expect((await frames()).texts).toEqual(['one', 'two', 'four']);
    }
  });

  it('drops a last frame whose bytes never reached the disk', async () => {
    const [, second = 0] = await written('one', 'two');
    const { size } = await stat(path);
    await truncate(path, second + 4);
    await appendFile(path, Buffer.alloc(size - second - 4));
    expect((await frames()).texts).toEqual(['one']);
  });

  it('refuses to go on over a frame in the middle that was changed', async () => {
    await written('one', 'two', 'three');
    const bytes = await readFile(path);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    await writeFile(path, bytes);
    await expect(frames()).rejects.toThrow('was changed at byte 0');
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });

  it('does not take a frame from another place, nor under another key', async () => {
    const [, second = 0] = await written('one', 'two');
    const bytes = await readFile(path);
    const moved = join(folder, 'moved');
    await writeFile(moved, Buffer.concat([bytes.subarray(second), bytes.subarray(second)]));
    await expect(frames(moved)).rejects.toThrow('was changed');
    await expect(frames(path, new Uint8Array(32).fill(8))).rejects.toThrow('was changed');
  });

  it('does not believe a length that asks for all of the memory', async () => {
    await written('one');
    await appendFile(path, Buffer.from('ffffffff00', 'hex'));
    expect((await frames()).texts).toEqual(['one']);
  });
});
