import { fromB64u } from '../codec/text-form.ts';
import { verifyBlob } from '../crypto/verify-strict.ts';
import type { Engine } from '../ports.ts';
import type { RecordName } from '../state/end.ts';
import { recordMessage } from '../state/kinds/agree.ts';

/** A record as the box proposes it: its SHA-512 in hex, and R. */
export interface ProposedRecord extends RecordName {
  cid: string;
}

/** What the box signs in namespace `parley-box-v1`; two that differ are proof against it (T3). */
export function recordStatement({ cid, h, r }: ProposedRecord): Uint8Array {
  return recordMessage(cid, { h, r });
}

/** Whether the box of that key (b64u) signed this record (`s` b64u). */
export function checkProposal(
  engine: Engine,
  boxKey: string,
  { s, ...record }: ProposedRecord & { s: string },
): Promise<boolean> {
  const key = fromB64u(boxKey, 32);
  const signature = fromB64u(s, 64);
  if (key === undefined || signature === undefined) return Promise.resolve(false);
  return verifyBlob(engine, 'parley-box-v1', key, recordStatement(record), signature);
}
