import { beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '#protocol/codec/bytes.ts';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { paths } from '#protocol/export/paths.ts';
import { sampleRecord, type SampleRecord } from '../../support/record.ts';
import { seeded } from '../../support/seeded.ts';
import type { SimDevice } from '../../support/swarm-simulator/device.ts';
import { forge } from '../../support/swarm-simulator/forge.ts';
import { roomOf, type SimRoom } from '../../support/swarm-simulator/room.ts';
import { vote } from '../../support/swarm-simulator/vote.ts';
import {
  brokenRules,
  recordHeardFrom,
  verified,
  withCommits,
} from '../../support/verify-record.ts';
import { packed, unpacked } from '../../support/ustar.ts';

type Args = { [key: string]: Json };

let sample: SampleRecord;
let files: Map<string, Uint8Array>;

beforeAll(async () => {
  sample = await sampleRecord(utf8('<!doctype html>'));
  files = await unpacked(sample.bytes);
});

const bent = (changes: Record<string, Uint8Array | undefined>): Uint8Array => {
  const all = Object.entries({ ...Object.fromEntries(files), ...changes });
  return packed(
    all
      .filter((one): one is [string, Uint8Array] => one[1] !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
};

describe('a record that was tampered with is found out, and nothing is ever thrown:', () => {
  it('the sample itself holds', () => {
    expect(verified(sample.bytes)).toMatchObject({ holds: true, faults: [] });
  });

  it('cut off anywhere', () => {
    const random = seeded(11);
    for (let i = 0; i < 40; i++) {
      const end = Math.floor(random() * sample.bytes.length);
      expect([end, brokenRules(sample.bytes.slice(0, end)).length > 0]).toEqual([end, true]);
    }
  });

  it('one bit flipped anywhere but in the words of README.txt', () => {
    const random = seeded(12);
    const readme = 512 + (files.get(paths.readme)?.length ?? 0);
    for (let i = 0; i < 40; i++) {
      const bytes = sample.bytes.slice();
      const at = readme + Math.floor(random() * (bytes.length - readme));
      bytes[at]! ^= 1 << Math.floor(random() * 8);
      expect([at, brokenRules(bytes).length > 0]).toEqual([at, true]);
    }
  });

  it('no record at all', () => {
    const random = seeded(13);
    for (const size of [0, 1, 511, 512, 1024, 5000]) {
      expect(verified(Uint8Array.from({ length: size }, () => random() * 256))).toBeTypeOf(
        'string',
      );
    }
    expect(verified(new Uint8Array(1024))).toContain('manifest.json is missing');
  });

  it('two bundles in each other’s place', () => {
    const [one, two] = [paths.bundle(sample.room), paths.bundle(sample.aside)];
    expect(brokenRules(bent({ [one]: files.get(two), [two]: files.get(one) }))).toContain('R7');
    const mission = paths.bundle(sample.cid);
    const swapped = bent({ [one]: files.get(mission), [mission]: files.get(one) });
    expect(verified(swapped)).toMatchObject({ holds: false });
  });

  it('a status in which nobody was ever removed', () => {
    const text = new TextDecoder().decode(files.get(paths.status));
    const status = utf8(text.replace(/"banned":\["[a-z2-7]{52}"\]/, '"banned":[]'));
    expect(verified(bent({ [paths.status]: status }))).toMatchObject({
      faults: [
        { where: 'status.json', rule: 'T4', why: expect.stringContaining('banned') as string },
      ],
    });
  });

  it('a list of signers with one more, a file or receipt changed, something added or missing', () => {
    const signers = files.get(paths.signers) as Uint8Array;
    const file = (files.get(paths.file(sample.file.address)) as Uint8Array).slice();
    file[0]! ^= 1;
    for (const change of [
      { [paths.signers]: Uint8Array.from([...signers, ...signers]) },
      { [paths.file(sample.file.address)]: file },
      { [paths.receipts(sample.cid)]: utf8('') },
      { [paths.receipts(sample.cid)]: undefined },
      { [paths.bundle(sample.aside)]: undefined },
      { 'extra.txt': utf8('more') },
      { [paths.reader]: utf8('another reader') },
    ]) {
      expect([Object.keys(change), brokenRules(bent(change)).length]).not.toEqual([
        Object.keys(change),
        0,
      ]);
    }
  });
});

describe('a commit with a true signature and no right is named with its rule:', () => {
  let sim: SimRoom;
  let alice: SimDevice;
  let bob: SimDevice;
  let carol: SimDevice;
  let record: Uint8Array;

  beforeAll(async () => {
    sim = await roomOf(['alice@red', 'bob@blue', 'carol@green', 'dora@red']);
    [alice, bob, carol] = sim.people as [SimDevice, SimDevice, SimDevice];
    await alice.say(sim.room, 'hello');
    await bob.pull(alice);
    record = await recordHeardFrom(alice);
  });

  it('while the honest record holds', () => {
    expect(verified(record)).toMatchObject({ holds: true });
  });

  const rulesWith = async (cid: string, of: SimDevice, k: string, x?: unknown) => {
    const replica = cid === sim.cid ? of.mission : sim.of(of);
    const commit = await forge(of, replica as typeof of.mission, {
      k,
      ...(x ? { x: x as Args } : {}),
    });
    const account = verified(await withCommits(record, cid, [commit]));
    if (typeof account === 'string') throw new Error(account);
    return account.faults.filter(({ where }) => where.includes(commit.sid)).map(({ rule }) => rule);
  };

  it('a ban without votes (R26)', async () => {
    const ban = { a: 'ban', basis: [], c: 'member', u: carol.keys.mfp, votes: [] };
    expect(await rulesWith(sim.cid, alice, 'resolve', ban)).toEqual(['R26']);
    expect(await rulesWith(sim.room, alice, 'resolve', ban)).toEqual(['R26']);
  });

  it('a vote by somebody who has none (R25)', async () => {
    const dora = sim.device('dora@red');
    const motion = { a: 'ban', basis: [], c: 'member', ch: 'for', u: carol.keys.mfp };
    expect(await rulesWith(sim.room, dora, 'vote', motion)).toEqual(['R25']);
  });

  it('an epoch that leaves somebody out (K2), and people who are not there (M4)', async () => {
    const draft = alice.epochArguments(sim.room);
    expect(
      await rulesWith(sim.room, alice, 'epoch', { ...draft, boxes: draft.boxes.slice(1) }),
    ).toEqual(['K2']);
    expect(await rulesWith(sim.room, alice, 'add', { m: 'a'.repeat(52), r: 'member' })).toEqual([
      'M4',
    ]);
  });

  it('a kind that does not exist (R5), and the last word of a mission that goes on (T3)', async () => {
    expect(await rulesWith(sim.room, alice, 'coup', {})).toEqual(['R5']);
    expect(await rulesWith(sim.cid, alice, 'final', { q: [] })).toEqual(['T3']);
  });

  it('a ban by one of three (R26, V10)', async () => {
    const motion = { a: 'ban', c: 'member', u: carol.keys.mfp };
    const ballot = await vote(alice, alice.mission, motion);
    const votes = [ballot.sid];
    const commit = await forge(alice, alice.mission, {
      k: 'resolve',
      x: { ...motion, basis: [], votes },
    });
    const account = verified(await withCommits(record, sim.cid, [ballot, commit]));
    expect(account).toMatchObject({ holds: false });
    const faults = typeof account === 'string' ? [] : account.faults;
    expect(faults.map(({ rule, where }) => [where.includes(commit.sid), rule])).toContainEqual([
      true,
      'R26',
    ]);
    expect(faults.some(({ where }) => where.includes(ballot.sid))).toBe(false);
  });
});
