import { describe, expect, it } from 'vitest';
import { Vault } from '#client/vault.ts';
import { MemoryKeys } from '../../support/client/memory-keys.ts';
import { MemoryStorage } from '../../support/client/memory-storage.ts';

describe('the vault', () => {
  it('gives back what was written, and keeps nothing of it readable on the disk', async () => {
    const storage = new MemoryStorage();
    const vault = new Vault(storage.records, new MemoryKeys());
    await vault.write([{ key: 'self', value: { name: 'Alice Canary' } }]);
    expect(await vault.get('self')).toEqual({ name: 'Alice Canary' });
    const disk = Buffer.concat([...storage.image().records.values()]).toString('latin1');
    expect(disk).not.toContain('Canary');
  });

  it('lists by prefix in order of key and forgets by prefix', async () => {
    const vault = new Vault(new MemoryStorage().records, new MemoryKeys());
    await vault.write([
      { key: 'outbox/b/2', value: 2 },
      { key: 'outbox/b/1', value: 1 },
      { key: 'self', value: 0 },
    ]);
    expect((await vault.list('outbox/')).map(({ value }) => value)).toEqual([1, 2]);
    await vault.clear('outbox/');
    expect(await vault.list('outbox/')).toEqual([]);
    expect(await vault.get('self')).toBe(0);
  });

  it('keeps all changes of a write or none', async () => {
    const storage = new MemoryStorage();
    const vault = new Vault(storage.records, new MemoryKeys());
    storage.isFull = true;
    const changes = [
      { key: 'a', value: 1 },
      { key: 'b', value: 2 },
    ];
    await expect(vault.write(changes)).rejects.toThrow();
    storage.isFull = false;
    expect(await vault.list('')).toEqual([]);
  });

  it('refuses a record that somebody changed on the disk', async () => {
    const storage = new MemoryStorage();
    const vault = new Vault(storage.records, new MemoryKeys());
    await vault.write([{ key: 'head', value: { q: 7 } }]);
    const tampered = (await storage.records.get('head')) ?? new Uint8Array();
    tampered[20] = (tampered[20] ?? 0) ^ 1;
    await storage.records.write([{ key: 'head', value: tampered }]);
    await expect(vault.get('head')).rejects.toThrow('cannot be opened');
  });
});
