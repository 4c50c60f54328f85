import { encode, fields, oneOf, sortedListOf } from '../bytes/canonical-json.ts';
import { H } from '../bytes/hash.ts';
import { isSigned } from '../bytes/sshsig.ts';
import { b64u, bytes32, fingerprint, fromB64u, hash64 } from '../bytes/text-form.ts';
import { pairs, type Case } from '../mission/case.ts';
import { unitsOf, type MissionState } from '../mission/state.ts';
import { must } from '../refusal.ts';
import { excused, isCloseFinal } from './progress.ts';

/** Kinds that are valid only above a standing close (protocol README, same heading). */
export const endRules: Record<string, (one: Case) => void> = {
  final: (one) => above(one, final),
  agree: (one) => above(one, agree),
  receipt: (one) => above(one, receipt),
  elapsed: (one) => above(one, elapsed),
  dispute: (one) => above(one, dispute),
};

function above(one: Case, rule: (one: Case) => void): void {
  must(one.state.closes.length > 0, 'T3', 'the mission is not closed in its past');
  rule(one);
}

function final({ author, isLead, state, x }: Case): void {
  fields(x, ['q'], ['n', 'up']);
  pairs(x['q'], 256);
  if (x['n'] !== undefined) must(isLead && hash64(x['n']), 'T5', 'only a lead names a nonce');
  if (x['up'] === undefined) return;
  const up = sortedListOf(x['up'], fingerprint, 256);
  must(isLead, 'T3', 'only a lead gives devices up');
  const party = (dfp: string): string | undefined =>
    state.members.get(state.devices.get(dfp)?.member ?? '')?.party;
  must(
    up.every((dfp) => party(dfp) === author.party),
    'T3',
    'a party gives its own devices up only',
  );
}

function agree(one: Case): void {
  const { isLead, op, state, x } = one;
  fields(x, ['h', 'n', 'r', 's']);
  const h = hex(x['h']);
  const r = hash64(x['r']);
  must(isLead, 'T3', 'only a lead agrees');
  const nonce = fromB64u(bytes32(x['n']));
  must(
    state.end.finals.get(op.d)?.n === b64u(H('nonce', nonce)),
    'T5',
    'its nonce is not the one it fixed',
  );
  const message = encode({ cid: state.cid, h, r, t: 'record' });
  must(said(state.end.agreed, one) < 16, 'L9', 'the party agreed as often as it may');
  const isAgain = state.end.agreed.some(
    (made) => made.op.d === op.d && made.h === h && made.r === r,
  );
  must(!isAgain, 'T3', 'its device agreed to that record before');
  must(isByBox(state, message, fromB64u(x['s'], 64)), 'T3', 'no recorded box signed that record');
}

function receipt(one: Case): void {
  const { author, isLead, state, x } = one;
  fields(x, ['h', 'p', 'r', 's']);
  const [h, r, p] = [hex(x['h']), hash64(x['r']), hash64(x['p'])];
  must(isLead, 'T5', 'only a lead signs a receipt');
  const agrees = (pfp: string): boolean =>
    state.end.agreed.some((one) => one.party === pfp && one.r === r && one.h === h);
  const gone = excused(state);
  const required = unitsOf(state).filter((pfp) => pfp === author.party || !gone.includes(pfp));
  must(required.every(agrees), 'T5', 'not all whose word is needed agreed to that record');
  must(said(state.end.receipts, one) < 16, 'L9', 'the party signed as many receipts as it may');
  const isOpen = state.end.disputes.some((made) => made.party === author.party && !made.isSettled);
  const isSame = (made: { party: string; h: string; p: string; r: string }): boolean =>
    made.party === author.party && made.h === h && made.p === p && made.r === r;
  must(isOpen || !state.end.receipts.some(isSame), 'T5', 'the party signed that receipt before');
  const message = encode({ cid: state.cid, h, p, r, t: 'receipt' });
  const key = state.members.get(author.member)?.pk as Uint8Array;
  must(
    isSigned(key, 'swarm-receipt-v1', message, fromB64u(x['s'], 64)),
    'T5',
    'the person did not sign',
  );
}

function elapsed({ author, isLead, state, x }: Case): void {
  fields(x, ['p']);
  const of = fingerprint(x['p']);
  must(isLead, 'T6', 'only a lead says that the time is over');
  must(unitsOf(state).includes(of), 'T6', 'there is no such unit');
  const isAgain = state.end.elapsed.some((one) => one.party === author.party && one.of === of);
  must(!isAgain, 'T6', 'the unit said so before');
  must(isCloseFinal(state), 'T6', 'the close was not final');
}

function dispute(one: Case): void {
  const { isLead, state, x } = one;
  fields(x, ['why']);
  oneOf(x['why'], 'damaged', 'differs', 'missing', 'refused');
  must(isLead, 'T7', 'only a lead disputes');
  must(said(state.end.disputes, one) < 16, 'L9', 'the party disputed as often as it may');
}

function said(list: readonly { party: string }[], { author }: Case): number {
  return list.filter(({ party }) => party === author.party).length;
}

/** Whether the recorded box signed, or one of those that a contested record names. */
function isByBox({ boxKeys }: MissionState, message: string, signature: Uint8Array): boolean {
  return boxKeys.some((key) => isSigned(fromB64u(key), 'parley-box-v1', message, signature));
}

function hex(value: unknown): string {
  must(
    typeof value === 'string' && /^[0-9a-f]{128}$/.test(value),
    'R5',
    'a hash in hex is expected',
  );
  return value;
}
