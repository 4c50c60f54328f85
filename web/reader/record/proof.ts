import type { RoomReplica } from '#protocol/admit/replica.ts';
import { deviceFingerprint } from '#protocol/codec/fingerprint.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import type { Engine } from '#protocol/ports.ts';

/** Why somebody should believe that a message is its author's. */
export interface Proof {
  /** Fingerprint of the device that signed. */
  device: string;
  /** Git name of the commit. */
  oid: string;
  /** Whether the signature is by the key of that device, which the author's certificate names. */
  holds: boolean;
  /** Lines for a shell in which git and OpenSSH say the same. */
  command: string;
}

/** Checks the signature of one commit again, when somebody asks; undefined if it is not here. */
export async function proofOf(
  engine: Engine,
  replica: RoomReplica,
  sid: string,
): Promise<Proof | undefined> {
  const [op, commit] = [replica.op(sid), replica.commit(sid)];
  if (!op || !commit) return undefined;
  const { payload, signature } = commit;
  const device = op.envelope.d;
  const known = replica.view().mission.devices.get(device);
  const isTheirs =
    deviceFingerprint(signature.key) === device && known?.member === op.author.member;
  const isValid = await verifyBlob(engine, 'git', signature.key, payload, signature.bytes);
  return {
    device,
    oid: commit.oid,
    holds: isTheirs && isValid,
    command: gitLines(replica, commit.oid),
  };
}

function gitLines({ cid }: RoomReplica, oid: string): string {
  return [
    'tar -xf record.tar',
    `git clone swarms/${cid ?? ''}.bundle conversation`,
    'git -C conversation -c gpg.format=ssh \\',
    '  -c gpg.ssh.allowedSignersFile="$PWD/allowed_signers" \\',
    `  verify-commit ${oid}`,
  ].join('\n');
}
