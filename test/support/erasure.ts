import type { Commit } from '#protocol/codec/commit-form.ts';
import { sha512 } from '#protocol/codec/digest.ts';
import { toB64u, toBase64, toHex } from '#protocol/codec/text-form.ts';
import type { Signer } from '#protocol/crypto/sign.ts';
import { erasureMessage, erasureText, type ErasureClaim } from '#protocol/export/erasure.ts';
import { challengeOf, possession } from '#protocol/export/possession.ts';
import { bytesInMemory } from '#protocol/export/record-bytes.ts';
import { receiptMessage } from '#protocol/state/kinds/receipt.ts';
import { filePorts } from './files.ts';
import type { SampleRecord } from './record.ts';
import { sync, type SimDevice } from './swarm-simulator/device.ts';
import { agreementTo, nonceOf } from './swarm-simulator/end.ts';

/**
 * What happens after the record, once a sample: Red and Blue go on without Green, agree, and sign.
 * Blue's proof of possession is a false one if `isBlueFalse`.
 */
export async function endOf(sample: SampleRecord, isBlueFalse = false): Promise<ErasureClaim> {
  const { box, bytes, cid, plan } = sample;
  const leads = [sample.device('alice@red'), sample.device('bob@blue')] as const;
  const record = { h: toHex(sha512(bytes)), r: plan.r };
  const green = sample.device('dora@green').keys.pfp;
  const commits: Commit[] = [];
  for (const lead of leads) commits.push(await lead.write(lead.mission, 'elapsed', { p: green }));
  await sync(...leads);
  for (const lead of leads) {
    const agreement = await agreementTo({ box: box.signer, cid }, lead, record);
    commits.push(await lead.write(lead.mission, 'agree', agreement));
  }
  await sync(...leads);
  const receipts: string[] = [];
  for (const [at, lead] of leads.entries()) {
    const answered = isBlueFalse && at === 1 ? lead : (leads[1 - at] as SimDevice);
    const p = await proofOfPossession(sample, lead, answered);
    const message = receiptMessage(cid, { ...record, p });
    const s = await lead.keys.member.sign('swarm-receipt-v1', message);
    const commit = await lead.write(lead.mission, 'receipt', { ...record, p, s: toB64u(s) });
    commits.push(commit);
    receipts.push(commit.sid);
  }
  return {
    cid,
    commits: commits.map(({ raw }) => toBase64(raw)),
    erased: [['swarm', 12, 34_567]],
    excused: [green],
    ...record,
    medium: 'files',
    method: 'removed',
    receipts: receipts.sort(),
    t: 'erased',
    unseen: [],
    v: 1,
    when: 1_800_086_400,
  };
}

/** The certificate of a claim, by whoever calls itself the box. */
export async function certified(signer: Signer, c: ErasureClaim): Promise<string> {
  const s = await signer.sign('parley-box-v1', erasureMessage(c));
  return erasureText({ bk: toB64u(signer.publicKey), c, s: toB64u(s) });
}

async function proofOfPossession(
  { bytes }: SampleRecord,
  own: SimDevice,
  other: SimDevice,
): Promise<string> {
  const challenge = challengeOf(own.keys.pfp, [nonceOf(other)]);
  return toB64u(await possession(filePorts.hashes, challenge, bytesInMemory(bytes)));
}
