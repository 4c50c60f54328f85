import { concat, u32be, utf8 } from '../codec/bytes.ts';
import { deviceFingerprint } from '../codec/fingerprint.ts';
import { fromB64u, toBase64 } from '../codec/text-form.ts';
import type { Commit } from '../codec/commit-form.ts';
import type { MissionState } from '../state/mission-state.ts';

const keyType = utf8('ssh-ed25519');

/**
 * `allowed_signers` for stock git: a line for each device that the mission knows and each key that
 * signed a commit, the genesis key among them. Times are claims, so no line has any.
 */
export function allowedSigners(
  state: MissionState,
  commits: Iterable<readonly Commit[]>,
): Uint8Array {
  const keys = new Map<string, Uint8Array>();
  for (const { certificate } of state.devices.values()) {
    const key = fromB64u(certificate.c.pk, 32);
    if (key !== undefined) keys.set(deviceFingerprint(key), key);
  }
  for (const list of commits) {
    for (const { envelope, signature } of list) keys.set(envelope.d, signature.key);
  }
  const rows = [...keys].map(([device, key]) => {
    const blob = toBase64(concat(framed(keyType), framed(key)));
    return `${device} namespaces="git" ssh-ed25519 ${blob}\n`;
  });
  return utf8(rows.sort().join(''));
}

function framed(bytes: Uint8Array): Uint8Array {
  return concat(u32be(bytes.length), bytes);
}
