import { describe, expect, it } from 'vitest';
import { Outbox, type Pending } from '#client/outbox.ts';
import { Vault } from '#client/vault.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { gitObject } from '#protocol/pack/object.ts';
import { MemoryKeys } from '../../support/client/memory-keys.ts';
import { MemoryStorage } from '../../support/client/memory-storage.ts';

const cid = 'c'.repeat(52);

function pending(q: number): Pending {
  const commit = gitObject('commit', utf8(`commit ${q}`));
  const objects = [gitObject('blob', utf8(`blob ${q}`)), commit];
  return { q, sid: `sid ${q}`, oid: commit.oid, isGenesis: q === 0, objects };
}

async function outboxOn(storage: MemoryStorage, keys: MemoryKeys): Promise<Outbox> {
  const outbox = new Outbox(new Vault(storage.records, keys), cid);
  await outbox.open();
  return outbox;
}

describe('the outbox', () => {
  it('gives back after a power cut exactly the bytes that were kept, in the order of writing', async () => {
    const [storage, keys] = [new MemoryStorage(), new MemoryKeys()];
    const outbox = await outboxOn(storage, keys);
    // Beyond nine, keys of another form would come back as 1, 10, 11, 2.
    const all = Array.from({ length: 12 }, (_, q) => pending(q));
    for (const one of all) await outbox.add(one, []);
    const after = await outboxOn(new MemoryStorage(storage.image()), keys);
    expect(after.pending).toEqual(all);
    expect(after.head).toEqual({ q: 11, sid: 'sid 11' });
  });

  it('keeps commit, number and key in one transaction, or none of them', async () => {
    const [storage, keys] = [new MemoryStorage(), new MemoryKeys()];
    const transactions: string[][] = [];
    storage.onWrite = (changes) => transactions.push(changes.map(({ key }) => key));
    const outbox = await outboxOn(storage, keys);
    await outbox.add(pending(0), [{ key: `epoch/${cid}/e`, value: 'key' }]);
    expect(transactions).toEqual([
      [`out/${cid}/0000000000000000`, `head/${cid}`, `epoch/${cid}/e`],
    ]);
    storage.isFull = true;
    await expect(outbox.add(pending(1), [])).rejects.toThrow();
    expect(outbox.head?.q).toBe(0);
    expect(outbox.pending).toHaveLength(1);
  });

  it('forgets what the box has confirmed, but never the number', async () => {
    const [storage, keys] = [new MemoryStorage(), new MemoryKeys()];
    const outbox = await outboxOn(storage, keys);
    for (const q of [0, 1]) await outbox.add(pending(q), []);
    await outbox.confirm(new Set(['sid 0', 'sid of somebody else']));
    expect(outbox.pending.map(({ q }) => q)).toEqual([1]);
    await outbox.confirm(new Set(['sid 1']));
    const after = await outboxOn(new MemoryStorage(storage.image()), keys);
    expect(after.pending).toEqual([]);
    expect(after.head).toEqual({ q: 1, sid: 'sid 1' });
  });
});
