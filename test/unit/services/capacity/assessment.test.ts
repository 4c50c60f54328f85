import { describe, expect, test } from 'vitest';
import { assess } from '../../../../appliance/services/capacity/assessment.ts';

const bounds = { leastStoragePercent: 10, leastMemoryBytes: 64 * 2 ** 20 };
const sample = (freeGib: number, memoryMib: number) => ({
  memory: { availableBytes: memoryMib * 2 ** 20, totalBytes: 2 ** 32 },
  loadPercent: 12.4,
  storage: { freeBytes: freeGib * 2 ** 30, totalBytes: 100 * 2 ** 30 },
});

describe('capacity', () => {
  test('is well with enough of everything', () => {
    expect(assess(sample(50, 500), bounds)).toEqual({
      status: 'ok',
      says: '50 percent of the storage is free; the processor is 12 percent busy.',
    });
  });

  test('is degraded, in words, when storage runs out', () => {
    expect(assess(sample(9.5, 500), bounds)).toEqual({
      status: 'degraded',
      says: 'Only 9 percent of the storage (9.5 GiB) is free.',
    });
  });

  test('names both when memory is short as well', () => {
    expect(assess(sample(1, 10), bounds).says).toBe(
      'Only 1 percent of the storage (1.0 GiB) is free. Only 10 MiB of memory is available.',
    );
  });

  test('says nothing about a file system without a size', () => {
    const unknown = { ...sample(0, 500), storage: { freeBytes: 0, totalBytes: 0 } };
    expect(assess(unknown, bounds).status).toBe('ok');
  });
});
