import { createHash } from 'node:crypto';
import {
  decode,
  encode,
  fields,
  integer,
  listOf,
  oneOf,
  sortedListOf,
  type Json,
  type JsonObject,
} from '../bytes/canonical-json.ts';
import { H } from '../bytes/hash.ts';
import { isSigned } from '../bytes/sshsig.ts';
import {
  b64u,
  bytes32,
  byText,
  fingerprint,
  fromB64u,
  fromBase64,
  hash64,
} from '../bytes/text-form.ts';
import { readCommit } from '../commit/commit.ts';
import type { Op } from '../graph/op.ts';
import type { MissionCheck } from '../mission/check.ts';
import { unitsOf } from '../mission/state.ts';
import { attempt, must } from '../refusal.ts';
import type { Bytes } from '../record/bytes.ts';
import { judgeAll } from '../record/swarm.ts';
import type { Findings, Progress } from '../record/check.ts';
import type { Faults } from '../verdict.ts';
import { excused, missing, notReadyForWipe } from './progress.ts';

/** What a certificate of erasure claims; the box signed it, and nobody else can check all of it. */
export interface Certificate {
  readonly erased: readonly {
    readonly path: string;
    readonly entries: number;
    readonly bytes: number;
  }[];
  readonly excused: readonly string[];
  readonly medium: string;
  readonly method: string;
  readonly unseen: readonly string[];
  readonly when: number;
  readonly receipts: readonly string[];
  /** Commits of the mission made after the sealing. */
  readonly later: number;
  /** Receipts whose possession was worked out over the record's bytes, and is right. */
  readonly possessions: number;
}

const names = [
  'cid',
  'commits',
  'erased',
  'excused',
  'h',
  'medium',
  'method',
  'r',
  'receipts',
  't',
  'unseen',
  'v',
  'when',
];

/** Checks a certificate against its record; what does not hold is named. Refuses what is none. */
export function checkCertificate(
  text: Uint8Array,
  findings: Findings & { mission: MissionCheck },
  record: Bytes,
  progress: Progress,
): Certificate {
  const { faults, manifest, mission } = findings;
  const where = 'certificate';
  const outer = fields(decode(text), ['bk', 'c', 's']);
  const c = fields(outer['c'], names);
  must(c['v'] === 1 && c['t'] === 'erased', 'T7', 'it is no certificate of an erasure');
  const read = readClaims(c);
  const isByKey = isSigned(
    fromB64u(bytes32(outer['bk'])),
    'parley-box-v1',
    encode(c),
    fromB64u(outer['s'], 64),
  );
  if (!isByKey) faults.add(where, 'T7', 'the signature of the box does not hold');
  const { boxKeys } = mission.swarm.whole().state;
  const isOurBox = boxKeys.length === 1 && boxKeys[0] === outer['bk'];
  if (!isOurBox)
    faults.add(where, 'A1', 'it is signed by another box than the one the mission recorded');
  const isOurs = c['cid'] === findings.cid && c['h'] === findings.h && c['r'] === manifest?.r;
  if (!isOurs) faults.add(where, 'T7', 'it is about another record');
  const later = addCommits(c['commits'] as readonly string[], mission, faults, findings.cid);
  const { state } = mission.swarm.whole();
  for (const why of notReadyForWipe(state, { h: findings.h, r: manifest?.r ?? '' })) {
    faults.add(where, 'T7', `the box wiped although ${why}`);
  }
  for (const dfp of missing(state))
    faults.add(where, 'T3', `the record was sealed without device ${dfp}`);
  const isExcused = excused(state).sort().join() === read.excused.join();
  if (!isExcused) faults.add(where, 'T6', 'it excuses others than the waiting time does');
  const possessions = checkReceipts(read.receipts, findings, record, progress);
  return { ...read, later, possessions };
}

function readClaims(c: JsonObject): Omit<Certificate, 'later' | 'possessions'> {
  listOf(c['commits'], (one) => void fromBase64(one), 65_536);
  const medium = oneOf(c['medium'], 'files', 'luks2');
  const method = oneOf(c['method'], 'removed', 'crypto-erase');
  must((medium === 'files') === (method === 'removed'), 'T7', 'medium and method do not fit');
  const text = (value: Json | undefined): string => {
    must(typeof value === 'string', 'R5', 'a text is expected');
    return value;
  };
  const erased = listOf(c['erased'], (one) => {
    const [path, entries, bytes] = listOf(one, (cell) => cell, 3);
    return { path: text(path), entries: integer(entries), bytes: integer(bytes) };
  });
  return {
    erased,
    medium,
    method,
    excused: sortedListOf(c['excused'], fingerprint),
    receipts: sortedListOf(c['receipts'], hash64),
    unseen: listOf(c['unseen'], (one) => (typeof one === 'string' ? one : encode(one))),
    when: integer(c['when']),
  };
}

/** Admits the commits after the record on top of it, by the same rules. */
function addCommits(
  raw: readonly string[],
  mission: MissionCheck,
  faults: Faults,
  cid: string,
): number {
  const commits = raw.flatMap((text) => {
    const made = attempt(() => readCommit(fromBase64(text)));
    if ('value' in made) return [made.value];
    faults.add(
      'certificate',
      made.refusal.rule,
      `a commit after the record: ${made.refusal.message}`,
    );
    return [];
  });
  const news = commits.filter(({ sid }) => !mission.graph.bySid.has(sid));
  if (news.length < commits.length)
    faults.add('certificate', 'T7', 'a commit after the record is in the record');
  const loaded = {
    bundle: { refs: new Map(), objects: [] },
    commits: news,
    count: news.length,
    blobs: new Map(),
  };
  judgeAll(loaded, mission, cid, faults, () => undefined);
  return news.length;
}

/** T5: each receipt is by somebody who had every byte of the record. Returns how many are. */
function checkReceipts(
  listed: readonly string[],
  { faults, h, manifest, mission }: Findings & { mission: MissionCheck },
  record: Bytes,
  progress: Progress,
): number {
  const all = mission.swarm
    .whole()
    .state.end.receipts.filter((one) => one.h === h && one.r === manifest?.r);
  const known = new Set(all.map(({ op }) => op.sid));
  for (const sid of listed) {
    if (!known.has(sid)) faults.add('certificate', 'T7', `it lists a receipt that is none: ${sid}`);
  }
  const waiting = all.map(({ op, p, party }) => ({ p, party, op, hash: createHash('sha512') }));
  for (const { hash, op, party } of waiting) {
    hash.update('swarm1/poss\0').update(challenge(mission, op, party, { h, r: manifest?.r ?? '' }));
  }
  const piece = 4 * 1024 * 1024;
  for (let at = 0; at < record.size; at += piece) {
    const bytes = record.read(at, Math.min(record.size, at + piece));
    for (const { hash } of waiting) hash.update(bytes);
    progress('Checking receipts', at / record.size);
  }
  return waiting.filter(({ hash, op, p, party }) => {
    const isRight = b64u(hash.digest()) === p;
    if (!isRight)
      faults.add(
        `commit ${op.sid} (receipt)`,
        'T5',
        `party ${party} did not have the record it signed for`,
      );
    return isRight;
  }).length;
}

/** The challenge of a receipt: nonces of the other units' agreements in its past, by party. */
function challenge(
  mission: MissionCheck,
  op: Op,
  own: string,
  record: { h: string; r: string },
): Buffer {
  const { state } = mission.swarm.before(op);
  const others = unitsOf(state)
    .filter((pfp) => pfp !== own)
    .sort(byText);
  const nonces = others.flatMap((pfp) => {
    const agreed = state.end.agreed.filter(
      (one) => one.party === pfp && one.h === record.h && one.r === record.r,
    );
    const last = agreed.at(-1);
    return last === undefined ? [] : [fromB64u(last.n)];
  });
  return H('challenge', own, ...nonces);
}
