import type { Platform } from './ports.ts';
import type { Vault } from './vault.ts';

/**
 * Destroys everything that this device keeps: who it is, what it wrote and read, files, record and
 * keys. Records go first: a crash in between leaves nothing that could be opened.
 */
export async function forgetAll(platform: Platform, vault: Vault): Promise<void> {
  const { files, keys, storage } = platform;
  await vault.clear('');
  await keys.forget();
  for (const file of await files.parts.files()) await files.parts.remove(file);
  await storage.forget();
}
