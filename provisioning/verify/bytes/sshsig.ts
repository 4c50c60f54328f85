import { createHash } from 'node:crypto';
import { refuse } from '../refusal.ts';
import { verifyStrict } from './ed25519.ts';

/** The closed list of what a key signs (protocol README, "Signatures"). */
export type Namespace =
  | 'git'
  | 'swarm-cert-v1'
  | 'swarm-pop-v1'
  | 'swarm-charter-v1'
  | 'parley-box-v1'
  | 'swarm-receipt-v1';

/** Whether a raw signature over a message holds in a namespace (PROTOCOL.sshsig, hash sha512). */
export function isSigned(
  key: Uint8Array,
  namespace: Namespace,
  message: string | Uint8Array,
  signature: Uint8Array,
): boolean {
  const digest = createHash('sha512').update(message).digest();
  const parts = [text(namespace), text(''), text('sha512'), text(digest)];
  return verifyStrict(key, Buffer.concat([Buffer.from('SSHSIG'), ...parts]), signature);
}

/** The armour of a signature of a commit: 70 columns, as it stands in the header. */
export function armour(key: Uint8Array, signature: Uint8Array): string {
  const base64 = blob(key, signature).toString('base64');
  const lines = base64.match(/.{1,70}/g) as string[];
  return ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----'].join('\n ');
}

/** Key and raw signature out of the lines of an armour. */
export function openArmour(lines: string): { key: Buffer; signature: Buffer } {
  const bytes = Buffer.from(lines.replace(/[\n ]/g, ''), 'base64');
  const probe = blob(Buffer.alloc(32), Buffer.alloc(64));
  if (bytes.length !== probe.length) refuse('R2', 'the signature block has a bad form');
  const at = probe.indexOf(Buffer.alloc(32));
  const key = bytes.subarray(at, at + 32);
  const signature = bytes.subarray(bytes.length - 64);
  if (!blob(key, signature).equals(bytes)) refuse('R2', 'the signature block has a bad form');
  return { key, signature };
}

/** A key as OpenSSH writes it. */
export function sshKey(key: Uint8Array): Buffer {
  return Buffer.concat([text('ssh-ed25519'), text(key)]);
}

function blob(key: Uint8Array, signature: Uint8Array): Buffer {
  const signed = Buffer.concat([text('ssh-ed25519'), text(signature)]);
  const version = Buffer.from([0, 0, 0, 1]);
  const parts = [text(sshKey(key)), text('git'), text(''), text('sha512'), text(signed)];
  return Buffer.concat([Buffer.from('SSHSIG'), version, ...parts]);
}

function text(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
