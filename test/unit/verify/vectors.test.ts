import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decode, type JsonObject } from '../../../provisioning/verify/bytes/canonical-json.ts';
import { verifyStrict } from '../../../provisioning/verify/bytes/ed25519.ts';
import { fingerprintOf, H } from '../../../provisioning/verify/bytes/hash.ts';
import { b64u } from '../../../provisioning/verify/bytes/text-form.ts';
import { isCommitSigned, readCommit } from '../../../provisioning/verify/commit/commit.ts';
import {
  deviceCertificate,
  memberCertificate,
  partyCertificate,
  ticketCertificate,
} from '../../../provisioning/verify/identity/certificate.ts';
import {
  genesisBytes,
  readFounding,
  safetyCode,
} from '../../../provisioning/verify/identity/founding.ts';
import { readPack } from '../../../provisioning/verify/record/pack.ts';
import { attempt } from '../../../provisioning/verify/refusal.ts';

interface Named {
  name: string;
}

const read = <T>(file: string): T =>
  JSON.parse(readFileSync(new URL(`../../vectors/${file}.json`, import.meta.url), 'utf8')) as T;
const canonicalJson = read<{ accept: string[]; reject: { text: string }[] }>('canonical-json');
const certificates = read<{
  pfp: string;
  mfp: string;
  dfp: string;
  certificates: Record<'party' | 'member' | 'device' | 'ticket', JsonObject>;
  ids: Record<string, string>;
}>('certificates');
const commits = read<{
  commits: (Named & { raw: string; oid: string; sid: string })[];
  variants: (Named & { raw: string; refusedBy?: string })[];
}>('commits');
const ed25519 = read<{
  message: string;
  cases: (Named & { accept: boolean; key: string; signature: string })[];
}>('ed25519');
const founding = read<{ f: string; genesis: string; safetyCode: { digits: string } }>('founding');
const packs = read<{
  good: { pack: string; objects: { oid: string }[] };
  bad: (Named & { pack: string })[];
}>('packs');

const ruleOf = (check: () => unknown): string => {
  const made = attempt(check);
  return 'refusal' in made ? made.refusal.rule : 'ok';
};
const bytes = (text: string) => Buffer.from(text, 'base64');

test('canonical JSON has one writing', () => {
  for (const text of canonicalJson.accept)
    expect([text, ruleOf(() => decode(text))]).toEqual([text, 'ok']);
  for (const { text } of canonicalJson.reject) {
    expect([text, ruleOf(() => decode(text))]).not.toEqual([text, 'ok']);
  }
});

test('signatures on which engines disagree get the strict verdict (R4, R-KEY)', () => {
  for (const { accept, key, name, signature } of ed25519.cases) {
    const [k, s] = [Buffer.from(key, 'hex'), Buffer.from(signature, 'hex')];
    expect([name, verifyStrict(k, Buffer.from(ed25519.message), s)]).toEqual([name, accept]);
  }
});

test('commits are read in their one form, and in no other', () => {
  for (const { name, oid, raw, sid } of commits.commits) {
    const commit = readCommit(bytes(raw));
    expect([name, commit.oid, commit.sid, isCommitSigned(commit)]).toEqual([name, oid, sid, true]);
  }
  for (const { name, raw, refusedBy } of commits.variants) {
    const isRight = (): boolean => isCommitSigned(readCommit(bytes(raw)));
    const made = attempt(isRight);
    const holds = 'value' in made && made.value;
    expect([name, holds]).toEqual([name, refusedBy === undefined]);
  }
});

test('certificates hold by their issuer alone', () => {
  const { certificates: all, ids } = certificates;
  const party = partyCertificate(all.party);
  const member = memberCertificate(all.member, party);
  const device = deviceCertificate(all.device, member);
  const ticket = ticketCertificate(all.ticket, member.pk);
  expect([party.pfp, member.mfp, device.dfp]).toEqual([
    certificates.pfp,
    certificates.mfp,
    certificates.dfp,
  ]);
  expect([party.id, member.id, device.id, ticket.id]).toEqual(Object.values(ids));
  expect(ruleOf(() => memberCertificate(all.member, { ...party, pk: member.pk }))).toBe('R16');
  expect(
    ruleOf(() => deviceCertificate({ ...all.device, w: all.device['s'] as string }, member)),
  ).toBe('R16');
  expect(fingerprintOf('fp-party', party.pk)).toBe(party.pfp);
});

test('a founding gives its F, its safety code and its genesis byte for byte (F3–F5)', () => {
  const raw = bytes(founding.genesis);
  const genesis = readCommit(raw);
  const made = readFounding(genesis.envelope.x ?? {});
  expect([b64u(made.F), safetyCode(made.F)]).toEqual([founding.f, founding.safetyCode.digits]);
  const tree = { oid: genesis.tree, th: genesis.envelope.th };
  expect(genesisBytes(made, tree).equals(raw)).toBe(true);
  const [first, second] = (genesis.envelope.x ?? {})['r'] as unknown as [never, never];
  expect(ruleOf(() => readFounding({ ...genesis.envelope.x, r: [second, first] }))).toBe('F2');
  expect(H('safety', made.F)).toHaveLength(64);
});

test('a pack that only looks like one is refused', () => {
  expect(readPack(bytes(packs.good.pack)).map(({ oid }) => oid)).toEqual(
    packs.good.objects.map(({ oid }) => oid),
  );
  for (const { name, pack } of packs.bad) {
    expect([name, ruleOf(() => readPack(bytes(pack)))]).toEqual([name, 'bundle']);
  }
});
