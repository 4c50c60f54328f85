import { randomBytes, scrypt } from 'node:crypto';
import { Stop } from '../stop.ts';
import { readIfThere, writeDurably } from './durable.ts';
import { seal, unseal } from './sealing.ts';

/**
 * RFC 7914: 64 MiB and a fifth of a second for each guess at a passphrase. Other costs are not
 * taken from the file: a changed one could ask for all of the memory.
 */
const costs = { N: 65_536, r: 8, p: 1, maxmem: 128 * 2 ** 20 };

/**
 * The root key of a state directory, out of the archive file that the passphrase opens; made with a
 * fresh key if there is none. Everything else in the directory is sealed under keys derived from it.
 */
export async function openArchive(path: string, passphrase: string): Promise<Uint8Array> {
  const stored = await readIfThere(path);
  if (!stored) {
    const [root, salt] = [randomBytes(32), randomBytes(16)];
    const sealed = seal(await stretched(passphrase, salt), root, 'archive');
    const file = {
      v: 1,
      salt: salt.toString('base64'),
      root: Buffer.from(sealed).toString('base64'),
    };
    await writeDurably(path, Buffer.from(`${JSON.stringify(file)}\n`));
    return new Uint8Array(root);
  }
  const { salt, sealed } = read(stored);
  const root = unseal(await stretched(passphrase, salt), sealed, 'archive');
  if (!root)
    throw new Stop('This passphrase does not open the state directory. Nothing was changed.');
  return root;
}

function read(stored: Uint8Array): { salt: Uint8Array; sealed: Uint8Array } {
  const damaged = new Stop(
    'The archive of the state directory is damaged. Its keys are lost with it.',
  );
  let file: unknown;
  try {
    file = JSON.parse(new TextDecoder().decode(stored));
  } catch {
    throw damaged;
  }
  const { v, salt, root } = (file ?? {}) as { v?: unknown; salt?: unknown; root?: unknown };
  if (v !== 1 || typeof salt !== 'string' || typeof root !== 'string') throw damaged;
  return { salt: Buffer.from(salt, 'base64'), sealed: Buffer.from(root, 'base64') };
}

/** One spelling for all keyboards (NFKC), as in a key file. */
function stretched(passphrase: string, salt: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, 32, costs, (error, key) => {
      if (error) reject(error);
      else resolve(new Uint8Array(key));
    });
  });
}
