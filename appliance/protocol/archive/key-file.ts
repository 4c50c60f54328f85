import { concat, utf8 } from '../codec/bytes.ts';
import { decode, encode } from '../codec/canonical-json.ts';
import { scrypt } from '../codec/digest.ts';
import { base64, b64u, fields, list, oneOf, type Guard } from '../codec/shape.ts';
import { fromB64u, fromBase64, toB64u, toBase64 } from '../codec/text-form.ts';
import { seal, unseal } from '../crypto/seal.ts';
import type { Engine } from '../ports.ts';
import { refused, type Parsed } from '../verdict.ts';
import { cardKey, type KeyCard } from './key-card.ts';
import { keysText, largestKeys, readKeys, type PersonKeys } from './person-keys.ts';

/** What opens a key file. */
export type KeySecret = { passphrase: string } | { card: Pick<KeyCard, 'member'> };

/** One guess costs 64 MiB and about a third of a second. Fixed, so that no file can ask for more. */
const cost = { n: 65_536, r: 8, p: 1 } as const;
const nonceBytes = 24;
/** The body grows in such steps: its length betrays only roughly how many keys there are. */
const stepBytes = 1024;
const wrapped = base64(nonceBytes + 32 + 16, nonceBytes + 32 + 16);

const passphraseSlot = fields({
  k: wrapped,
  n: oneOf(cost.n),
  p: oneOf(cost.p),
  r: oneOf(cost.r),
  salt: b64u(32),
  t: oneOf('passphrase'),
});
const cardSlot = fields({ k: wrapped, t: oneOf('card') });
type Slot = Only<typeof passphraseSlot> | Only<typeof cardSlot>;
type Only<G> = G extends Guard<infer T> ? T : never;
const isSlot: Guard<Slot> = (value): value is Slot => passphraseSlot(value) || cardSlot(value);

const isKeyFile = fields({
  body: base64(nonceBytes + stepBytes + 16, largestKeys),
  slots: list(isSlot, 1, 4),
  t: oneOf('parley-keys'),
  v: oneOf(1),
});

/**
 * The keys in a file that the passphrase opens, or the person's key card. `onProgress` hears a
 * share of 1; the work lets others run meanwhile.
 */
export async function sealKeyFile(
  engine: Engine,
  keys: PersonKeys,
  passphrase: string,
  onProgress?: (share: number) => void,
): Promise<string> {
  const key = engine.random(32);
  const salt = engine.random(32);
  const wrapping = await passphraseKey(passphrase, salt, onProgress);
  const wrap = (by: Uint8Array) => toBase64(seal(by, engine.random(nonceBytes), key));
  const text = utf8(keysText(keys));
  const padding = new Uint8Array(-text.length & (stepBytes - 1)).fill(0x20);
  return encode({
    body: toBase64(seal(key, engine.random(nonceBytes), concat(text, padding))),
    slots: [
      { ...cost, k: wrap(wrapping), salt: toB64u(salt), t: 'passphrase' },
      { k: wrap(cardKey(keys)), t: 'card' },
    ],
    t: 'parley-keys',
    v: 1,
  });
}

/** Opens a key file. `K1` if passphrase or card is another one, `R5` if the file is damaged. */
export async function openKeyFile(
  input: string,
  secret: KeySecret,
  onProgress?: (share: number) => void,
): Promise<Parsed<PersonKeys>> {
  const decoded = decode(input.trim(), largestKeys * 2);
  if (!decoded.ok || !isKeyFile(decoded.value)) return refused('R5', 'this is no key file');
  const { body, slots } = decoded.value;
  for (const slot of slots) {
    const by = await keyFor(slot, secret, onProgress);
    const key = by && unseal(by, fromBase64(slot.k) as Uint8Array);
    if (key === undefined) continue;
    const plain = unseal(key, fromBase64(body) as Uint8Array);
    if (plain === undefined) return refused('R5', 'the key file is damaged');
    let length = plain.length;
    while (plain[length - 1] === 0x20) length--;
    return readKeys(plain.subarray(0, length));
  }
  return refused('K1', 'the key file does not open with this');
}

async function keyFor(
  slot: Slot,
  secret: KeySecret,
  onProgress: ((share: number) => void) | undefined,
): Promise<Uint8Array | undefined> {
  if (slot.t === 'card') return 'card' in secret ? cardKey(secret.card) : undefined;
  if (!('passphrase' in secret)) return undefined;
  return passphraseKey(secret.passphrase, fromB64u(slot.salt) as Uint8Array, onProgress);
}

/** NFKC: keyboards write one passphrase in several ways. */
function passphraseKey(
  passphrase: string,
  salt: Uint8Array,
  onProgress: ((share: number) => void) | undefined,
): Promise<Uint8Array> {
  return scrypt(utf8(passphrase.normalize('NFKC')), salt, cost, onProgress);
}
