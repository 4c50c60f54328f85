import { describe, expect, it } from 'vitest';
import { Reading } from '#client/reading.ts';
import { Vault } from '#client/vault.ts';
import type { Line } from '#protocol/content/fold.ts';
import { MemoryKeys } from '../../support/client/memory-keys.ts';
import { MemoryStorage } from '../../support/client/memory-storage.ts';

const nowMs = 1_000_000_000;

function line(sid: string, atMs = nowMs): Line {
  const content = { t: 'text/plain' as const, b: { body: sid } };
  const base = { sid, author: 'a', atMs, kind: 'text' as const, text: sid, content };
  return { ...base, isEdited: false, isDeleted: false, reactions: [] };
}

async function reading() {
  const one = new Reading(new Vault(new MemoryStorage().records, new MemoryKeys()), 'cid');
  await one.open();
  return one;
}

describe('what came late', () => {
  it('is an old message that appears above newer ones', async () => {
    const one = await reading();
    await one.arrived(new Set(['b']), [line('a'), line('b', nowMs - 120_000), line('c')], nowMs);
    expect(one.isLate('b')).toBe(true);
    expect(one.isLate('a')).toBe(false);
  });

  it('is any message that would go unnoticed far up, whatever time it claims', async () => {
    const one = await reading();
    const lines = [line('late'), line('a'), line('b'), line('c')];
    await one.arrived(new Set(['late']), lines, nowMs);
    expect(one.isLate('late')).toBe(true);
  });

  it('is neither a message at the end nor one of two that were written at once', async () => {
    const one = await reading();
    await one.arrived(new Set(['b']), [line('a'), line('b', nowMs - 120_000)], nowMs);
    await one.arrived(new Set(['c']), [line('a'), line('c'), line('b')], nowMs);
    expect(one.isLate('b')).toBe(false);
    expect(one.isLate('c')).toBe(false);
  });

  it('is nothing of a history that comes for the first time', async () => {
    const one = await reading();
    const lines = [line('a', 0), line('b', 0), line('c', 0), line('d', 0)];
    await one.arrived(new Set(['a', 'b', 'c', 'd']), lines, nowMs);
    expect(lines.some(({ sid }) => one.isLate(sid))).toBe(false);
  });
});
