import { utf8 } from '../../codec/bytes.ts';
import { encode } from '../../codec/canonical-json.ts';
import { b64u, fields } from '../../codec/shape.ts';
import { fromB64u } from '../../codec/text-form.ts';
import { verifyBlob } from '../../crypto/verify-strict.ts';
import { subjectKey } from '../../identity/certificate.ts';
import { accepted, refused } from '../../verdict.ts';
import { agreementOf, isAbout, requiredUnits, type Dispute, type RecordName } from '../end.ts';
import { kind } from '../kind.ts';
import { leadsOf, type MissionState } from '../mission-state.ts';
import { recordHash } from './shapes.ts';

interface ReceiptX extends RecordName {
  p: string;
  s: string;
}

/** L9: receipts of one party; more than one, since a dispute may come between. */
const mostReceipts = 16;

/** What the member key signs for a receipt (namespace `swarm-receipt-v1`, T5). */
export function receiptMessage(
  cid: string,
  { h, p, r }: Pick<ReceiptX, 'h' | 'p' | 'r'>,
): Uint8Array {
  return utf8(encode({ cid, h, p, r, t: 'receipt' }));
}

/** A party has the record whole and says so, after all others have agreed to it (T5). */
export const receipt = kind<MissionState, ReceiptX>({
  shape: fields({ h: recordHash, p: b64u(64), r: b64u(64), s: b64u(64) }),

  check({ op, state }, x) {
    if (state.closed.length === 0) return refused('V13', 'the mission is not closed');
    const { member, party } = op.author;
    if (!leadsOf(state, party).includes(member))
      return refused('T5', 'only a lead signs the receipt');
    // Whoever is excused may still sign, once it has agreed itself.
    const needed = [...new Set([party, ...requiredUnits(state)])];
    if (needed.some((unit) => agreementOf(state, unit, x) === undefined))
      return refused('T5', 'not every party has agreed to this record');
    const own = [...state.end.receipts.values()].filter((held) => held.party === party);
    const isSaid = own.some((held) => held.p === x.p && isAbout(held, x));
    if (isSaid && !hasDispute(state, party)) return refused('T5', 'the receipt is there already');
    return own.length < mostReceipts ? accepted : refused('L9', 'too many receipts of one party');
  },

  async prove(engine, { cid, op, state }, x) {
    const member = state.members.get(op.author.member);
    if (member === undefined) return refused('R16', 'an unknown member');
    const key = subjectKey(member.certificate.c);
    const signature = fromB64u(x.s, 64) as Uint8Array;
    const message = receiptMessage(cid, x);
    const signed = await verifyBlob(engine, 'swarm-receipt-v1', key, message, signature);
    return signed ? accepted : refused('T5', 'the member did not sign this receipt');
  },

  apply(state, { op, saw }, { h, p, r, s }) {
    if (!state.closed.some(saw)) return state;
    const { member, party } = op.author;
    const made = { by: op.sid, l: op.envelope.l, party, member, h, r, p, s };
    const receipts = new Map(state.end.receipts).set(op.sid, made);
    const settled = ([by, held]: [string, Dispute]): [string, Dispute] =>
      held.party === party && saw(by) ? [by, { ...held, isSettled: true }] : [by, held];
    const disputes = new Map([...state.end.disputes].map(settled));
    return { ...state, end: { ...state.end, receipts, disputes } };
  },
});

function hasDispute({ end }: MissionState, party: string): boolean {
  return [...end.disputes.values()].some((held) => held.party === party && !held.isSettled);
}
