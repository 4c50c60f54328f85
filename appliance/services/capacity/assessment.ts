import type { Health } from '#kernel/service.ts';
import type { CapacityConfig } from './config.ts';
import type { Sample } from './machine.ts';

/** The limits that the assessment needs. */
export type Bounds = Pick<CapacityConfig, 'leastStoragePercent' | 'leastMemoryBytes'>;

const gibibyte = 2 ** 30;
const mebibyte = 2 ** 20;

/** What a sample means for people, in a word and a sentence. */
export function assess(sample: Sample, bounds: Bounds): Health {
  const { memory, storage, loadPercent } = sample;
  // Some file systems report no size; then nothing can be said about them.
  const freePercent = storage.totalBytes > 0 ? (100 * storage.freeBytes) / storage.totalBytes : 100;
  const short: string[] = [];
  if (freePercent < bounds.leastStoragePercent) {
    const left = `${Math.floor(freePercent)} percent of the storage`;
    short.push(`Only ${left} (${(storage.freeBytes / gibibyte).toFixed(1)} GiB) is free.`);
  }
  if (memory.availableBytes < bounds.leastMemoryBytes) {
    short.push(`Only ${Math.floor(memory.availableBytes / mebibyte)} MiB of memory is available.`);
  }
  if (short.length > 0) return { status: 'degraded', says: short.join(' ') };
  const says = `${Math.floor(freePercent)} percent of the storage is free; the processor is ${Math.round(loadPercent)} percent busy.`;
  return { status: 'ok', says };
}
