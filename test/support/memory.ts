import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  openSync,
  readSync,
  closeSync,
  fstatSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disguises } from './canary.ts';

const windowBytes = 32 * 1024 * 1024;

/** The process and all that it started, from /proc. */
export function processTree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
    } catch {
      // It ended while we looked.
    }
  }
  const below = (id: number): number[] => [id, ...(children.get(id) ?? []).flatMap(below)];
  return below(pid);
}

/** Takes a core dump of a living process with stock `gcore` and searches it; the dump is removed. */
export function wordsInMemory(pid: number, words: readonly string[]): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'parley-core-'));
  try {
    execFileSync('gcore', ['-o', join(directory, 'core'), String(pid)], { stdio: 'pipe' });
    return wordsInLargeFile(join(directory, `core.${pid}`), words);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function wordsInLargeFile(path: string, words: readonly string[]): string[] {
  const needles = words.map((word) => ({ word, forms: disguises(word) }));
  const overlap = Math.max(...needles.flatMap(({ forms }) => forms.map((form) => form.length)));
  const file = openSync(path, 'r');
  const found = new Set<string>();
  try {
    const size = fstatSync(file).size;
    const window = Buffer.alloc(windowBytes + overlap);
    for (let at = 0; at < size; at += windowBytes) {
      const view = window.subarray(0, readSync(file, window, 0, window.length, at));
      for (const { word, forms } of needles) {
        if (forms.some((form) => view.includes(form))) found.add(word);
      }
    }
  } finally {
    closeSync(file);
  }
  return [...found];
}
