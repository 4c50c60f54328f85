import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { disguises } from './canary.ts';

const pageBytes = 4096;
const mostRunBytes = 64 * 1024 * 1024;

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

/**
 * Which words lie in the memory of a living process, as a core dump would hold it. Only pages
 * that are there are read: JavaScript engines reserve many gigabytes that they never touch.
 */
export function wordsInMemory(pid: number, words: readonly string[]): string[] {
  const needles = words.map((word) => ({ word, forms: disguises(word) }));
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const pages = openSync(`/proc/${pid}/pagemap`, 'r');
  const found = new Set<string>();
  try {
    for (const area of areasOf(pid)) {
      for (const { from, bytes } of presentRuns(pages, area)) {
        const run = Buffer.alloc(bytes);
        const length = readOrNothing(memory, run, from);
        const seen = run.subarray(0, length);
        for (const { word, forms } of needles) {
          if (!found.has(word) && forms.some((form) => seen.includes(form))) found.add(word);
        }
      }
    }
  } finally {
    closeSync(memory);
    closeSync(pages);
  }
  return [...found];
}

interface Area {
  from: bigint;
  pages: number;
}

/** Readable areas of a process, by /proc/PID/maps. */
function areasOf(pid: number): Area[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const found = /^([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ \d+ *(.*)$/.exec(line);
    if (!found || found[3] === '[vvar]' || found[3] === '[vsyscall]') return [];
    const [from, to] = [BigInt(`0x${found[1]}`), BigInt(`0x${found[2]}`)];
    return [{ from, pages: Number((to - from) / BigInt(pageBytes)) }];
  });
}

/** Runs of pages that are in memory or swapped out (bits 63 and 62 of a pagemap entry). */
function presentRuns(pagemap: number, { from, pages }: Area): { from: bigint; bytes: number }[] {
  const entries = Buffer.alloc(pages * 8);
  const read = readOrNothing(pagemap, entries, (from / BigInt(pageBytes)) * 8n);
  const runs: { from: bigint; bytes: number }[] = [];
  let start: number | undefined;
  for (let page = 0; page <= pages; page += 1) {
    const isPresent = (page + 1) * 8 <= read && (entries[page * 8 + 7] ?? 0) >= 0x40;
    if (isPresent) start ??= page;
    const isFull = start !== undefined && (page - start) * pageBytes >= mostRunBytes;
    if (start === undefined || (isPresent && !isFull)) continue;
    const end = isPresent ? page + 1 : page;
    runs.push({ from: from + BigInt(start * pageBytes), bytes: (end - start) * pageBytes });
    // The next run begins with the last page of this one: no word is cut in two unseen.
    start = isPresent ? page : undefined;
  }
  return runs;
}

/** Bytes read; none where the kernel does not let anybody look. */
function readOrNothing(file: number, into: Buffer, at: bigint): number {
  try {
    return readSync(file, into, 0, into.length, at);
  } catch {
    return 0;
  }
}
