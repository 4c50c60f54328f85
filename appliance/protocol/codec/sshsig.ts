import { concat, equal, u32be, utf8 } from './bytes.ts';
import { sha512 } from './digest.ts';
import { fromBase64, toBase64 } from './text-form.ts';

/** An OpenSSH signature by an Ed25519 key (PROTOCOL.sshsig), before any check of its value. */
export interface SshSignature {
  /** 32 bytes. */
  key: Uint8Array;
  namespace: string;
  /** 64 bytes, raw Ed25519. */
  bytes: Uint8Array;
}

const magic = utf8('SSHSIG');
const keyType = utf8('ssh-ed25519');
const hashName = utf8('sha512');
const begin = '-----BEGIN SSH SIGNATURE-----';
const end = '-----END SSH SIGNATURE-----';
/** What ssh-keygen writes; another width would be a second writing of one signature (R3). */
const columns = 70;

/** What is really signed for a message in a namespace: the key holder signs nothing else. */
export function signedData(namespace: string, message: Uint8Array): Uint8Array {
  const parts = [utf8(namespace), new Uint8Array(0), hashName, sha512(message)];
  return concat(magic, ...parts.map(framed));
}

/** The binary signature. */
export function encodeBlob({ key, namespace, bytes }: SshSignature): Uint8Array {
  const publicKey = concat(framed(keyType), framed(key));
  const signature = concat(framed(keyType), framed(bytes));
  const parts = [publicKey, utf8(namespace), new Uint8Array(0), hashName, signature];
  return concat(magic, u32be(1), ...parts.map(framed));
}

/** Lines of the armour, each ended by a line feed, as ssh-keygen writes them. */
export function armour(signature: SshSignature): string {
  const text = toBase64(encodeBlob(signature));
  const lines = text.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [];
  return [begin, ...lines, end, ''].join('\n');
}

/** Reads what `armour` writes for this namespace; undefined for anything else (R3). */
export function readArmour(text: string, namespace: string): SshSignature | undefined {
  // Long before any real size; stops work on a huge armour.
  if (text.length > 1024) return undefined;
  const lines = text.split('\n');
  const blob = fromBase64(lines.slice(1, -2).join(''));
  if (blob === undefined) return undefined;
  const signature = readBlob(blob, namespace);
  return signature !== undefined && armour(signature) === text ? signature : undefined;
}

/** Reads what `encodeBlob` writes for this namespace; undefined for anything else. */
export function readBlob(blob: Uint8Array, namespace: string): SshSignature | undefined {
  // All lengths are fixed by the namespace, so the two values stand at known places.
  const keyAt = magic.length + 4 + 4 + 4 + keyType.length + 4;
  const key = blob.slice(keyAt, keyAt + 32);
  const bytes = blob.slice(-64);
  if (key.length !== 32 || bytes.length !== 64) return undefined;
  const signature = { key, namespace, bytes };
  return equal(encodeBlob(signature), blob) ? signature : undefined;
}

function framed(bytes: Uint8Array): Uint8Array {
  return concat(u32be(bytes.length), bytes);
}
