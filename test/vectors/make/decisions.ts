import { fromUtf8 } from '#protocol/codec/bytes.ts';
import { H } from '#protocol/codec/hash.ts';
import { toB64u, toHex } from '#protocol/codec/text-form.ts';
import { ruleId, type RuleChange } from '#protocol/mission/rule-change.ts';
import { newcomerMessage } from '#protocol/state/actions/add-party.ts';
import { reopeningId } from '#protocol/state/actions/reopen.ts';
import { recordMessage } from '#protocol/state/kinds/agree.ts';
import { joinMessage } from '#protocol/state/kinds/child-join.ts';
import { receiptMessage } from '#protocol/state/kinds/receipt.ts';
import { leadNamed, seedOf } from '../../support/people.ts';

const sid = (name: string) => toB64u(H('sid', name));

/** What votes are about by hash, and what keys sign for decisions and the end. */
export async function decisionVectors(): Promise<unknown> {
  const { cid, chain, mfp, seed } = await people();
  const rules: RuleChange[] = [{ wait: 100 }, { close: 'all', ban: 'two-thirds' }];
  const keep = [sid('one')];
  const lift = [sid('two'), sid('three')].sort();
  const record = { h: toHex(H('record', 'file')), r: toB64u(H('record', 'root')) };
  const p = toB64u(H('challenge', 'possession'));
  return {
    rules: rules.map((rule) => ({ rule, u: ruleId(rule) })),
    reopen: { keep, lift, u: reopeningId({ keep, lift }) },
    cid,
    newcomer: fromUtf8(newcomerMessage(cid, { m: chain.member, p: chain.party })),
    join: fromUtf8(joinMessage(cid, mfp)),
    record: { ...record, message: fromUtf8(recordMessage(cid, record)) },
    receipt: { p, message: fromUtf8(receiptMessage(cid, { ...record, p })) },
    nonce: { n: toB64u(seed), hash: toB64u(H('nonce', seed)) },
  };
}

async function people() {
  const { chain, mfp, pfp } = await leadNamed('green');
  // A cid has the form of a fingerprint; this one stands for any.
  return { chain, mfp, cid: pfp, seed: seedOf('nonce') };
}
