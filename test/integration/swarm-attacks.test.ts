import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { paperFounding } from '../support/founders.ts';
import { packOf, type PaperDevice, type PushAnswer } from '../support/paper-device.ts';
import { seeded } from '../support/seeded.ts';
import { foundMission, roomOnDisk, SwarmBox } from '../support/swarm-box.ts';

let room: Awaited<ReturnType<typeof roomOnDisk>>;
let box: SwarmBox;
let red: PaperDevice;
let blue: PaperDevice;
let cid: string;
let path: string;

beforeAll(async () => {
  room = await roomOnDisk();
  box = await new SwarmBox(room.path, { commitBurstCount: 30, commitsPerMinuteCount: 1 }).start();
  [red, blue] = (await foundMission(box, await paperFounding(2))) as [PaperDevice, PaperDevice];
  const begun = await red.begin([red.caller.member]);
  cid = begun.cid;
  path = `/v1/s/${cid}/pack`;
  const epoch = await red.epoch(cid);
  await red.create([begun.genesis, epoch]);
});
afterAll(async () => {
  await box.service.stop();
  await room.remove();
});

const verdictOn = async (commit: Commit): Promise<PushAnswer> =>
  (await red.push(cid, [commit])).json as PushAnswer;

const sha1 = (bytes: Uint8Array): Buffer => createHash('sha1').update(bytes).digest();
const head = (objects: number): Buffer => {
  const bytes = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
  bytes.writeUInt32BE(objects, 8);
  return bytes;
};
const sealed = (...parts: Buffer[]): Uint8Array => {
  const all = Buffer.concat(parts);
  return new Uint8Array(Buffer.concat([all, sha1(all)]));
};
/** Type and size of an entry, as git writes it. */
const entry = (type: number, size: number): Buffer => {
  const bytes = [(type << 4) | (size & 15)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) as number) | 0x80;
    bytes.push(rest & 0x7f);
  }
  return Buffer.from(bytes);
};

describe('a pack that is none of ours is refused, and the service lives on', () => {
  const zeros = Buffer.alloc(60_000);
  const attacks: [string, () => Uint8Array][] = [
    ['nothing at all', () => new Uint8Array(0)],
    ['random bytes', () => Uint8Array.from({ length: 5000 }, seededByte(1))],
    ['another version', () => sealed(Buffer.from('PACK\0\0\0\x03\0\0\0\0', 'latin1'))],
    [
      'a wrong sum',
      () => packOf([]).map((byte, i, all) => (i === all.length - 1 ? byte ^ 1 : byte)),
    ],
    ['more objects than it holds', () => sealed(head(2), entry(3, 1), deflateSync('a'))],
    ['fewer objects than it holds', () => sealed(head(0), entry(3, 1), deflateSync('a'))],
    ['four thousand million objects', () => sealed(head(0xffffffff))],
    ['an object delta', () => sealed(head(1), entry(6, 4), Buffer.from([1]), deflateSync('abcd'))],
    [
      'a reference delta',
      () => sealed(head(1), entry(7, 4), Buffer.alloc(20), deflateSync('abcd')),
    ],
    ['a tag', () => sealed(head(1), entry(4, 4), deflateSync('abcd'))],
    ['a size that is too small', () => sealed(head(1), entry(3, 3), deflateSync('abcd'))],
    ['a size that is too large', () => sealed(head(1), entry(3, 5), deflateSync('abcd'))],
    ['a size beyond all limits', () => sealed(head(1), entry(3, 2 ** 40), deflateSync('abcd'))],
    [
      'a stream that is cut off',
      () => sealed(head(1), entry(3, 4), deflateSync('abcd').subarray(0, 6)),
    ],
    [
      'a deflate bomb',
      () => sealed(head(1), entry(3, 60_000), deflateSync(Buffer.alloc(64 << 20))),
    ],
    [
      'seventy objects that deflate too well',
      () =>
        sealed(
          head(70),
          ...Array.from({ length: 70 }, () =>
            Buffer.concat([entry(3, 60_000), deflateSync(zeros)]),
          ),
        ),
    ],
    [
      'one object twice',
      () => sealed(head(2), entry(3, 1), deflateSync('a'), entry(3, 1), deflateSync('a')),
    ],
  ];
  test.each(attacks)('%s', async (_name, make) => {
    const answer = await red.pushBytes(path, make());
    expect(answer).toMatchObject({ isFine: false, code: 'SWARM_PACK_REFUSED' });
    expect((await red.pushBytes('/v1/s', make())).code).toBe('SWARM_PACK_REFUSED');
    expect(box.service.health().status).toBe('ok');
  });

  test('a thousand packs with one byte changed never crash it', async () => {
    const honest = packOf([await red.write(cid, { k: 'merge' }).catch(() => red.say(cid, 'x'))]);
    const random = seeded(7);
    for (let i = 0; i < 1000; i++) {
      const bent = honest.slice();
      const at = Math.floor(random() * bent.length);
      bent[at] = (bent[at] as number) ^ (1 << Math.floor(random() * 8));
      // A right sum lets the damage get further in.
      if (i % 2 === 0) bent.set(sha1(bent.subarray(0, -20)), bent.length - 20);
      const answer = await red.pushBytes(path, bent);
      expect(answer.isFine ? 'ok' : answer.code).toMatch(
        /^(ok|SWARM_PACK_REFUSED|SWARM_TOO_FAST)$/,
      );
    }
    expect(box.service.health().status).toBe('ok');
    box.clock.pass(3_600_000);
  });
});

describe('a commit that breaks a rule is refused by its number and stored nowhere', () => {
  test('a signature of somebody else', async () => {
    const honest = await red.say(cid, 'forged');
    const raw = Buffer.from(honest.raw);
    const at = raw.indexOf('-----BEGIN SSH SIGNATURE-----') + 130;
    raw[at] = raw[at] === 65 ? 66 : 65;
    const { ok, no } = await verdictOn({ ...honest, raw: new Uint8Array(raw) });
    expect(ok).toEqual([]);
    expect(no).toHaveLength(1);
    expect((await red.push(cid, [honest])).json).toMatchObject({ ok: [honest.sid] });
  });

  test('a tree of the own choice (R12)', async () => {
    const honest = await red.say(cid, 'tree');
    const bent = await red.sign({ ...honest, tree: '4b825dc642cb6eb9a060e54bf8d69288fbee4904' });
    expect((await verdictOn(bent)).no).toEqual([[bent.sid, 'R12']]);
    // One place in the chain, two commits: the honest one is still the only one here.
    expect((await verdictOn(honest)).ok).toEqual([honest.sid]);
  });

  test('a commit of another swarm (R7)', async () => {
    const other = await red.begin([red.caller.member]);
    const epoch = await red.epoch(other.cid);
    const answer = await verdictOn(epoch);
    expect(answer.ok).toEqual([]);
  });

  test('a commit whose parent is unknown waits for it and is not stored', async () => {
    const first = await red.say(cid, 'first');
    const second = await red.say(cid, 'second');
    const answer = await red.push(cid, [second]);
    expect(answer.json).toMatchObject({ ok: [], missing: { parents: [first.oid] } });
    expect((await red.push(cid, [first, second])).json).toMatchObject({
      ok: [first.sid, second.sid],
    });
  });
});

describe('nobody gets at what is not theirs', () => {
  test('a member of another party neither sees, fetches nor pushes a room it is not in', async () => {
    const caller = blue.caller;
    for (const [method, door, body] of [
      ['GET', `/v1/s/${cid}/refs`, undefined],
      ['POST', `/v1/s/${cid}/fetch`, { have: [], max: 1, want: [] }],
      ['POST', path, packOf([])],
    ] as const) {
      const answer = await box.doors.ask(method, door, { caller, body });
      expect(answer.code).toBe('SWARM_UNKNOWN');
    }
    const list = await box.doors.ask('GET', '/v1/s', { caller });
    expect(list.json).toEqual([{ cid: red.missionCid }]);
    expect(box.service.membership.maySee(caller.device, cid)).toBe(false);
  });

  test('a room that exists and one that does not are answered alike', async () => {
    const nowhere = await box.doors.ask('GET', `/v1/s/${'a'.repeat(52)}/refs`, {
      caller: blue.caller,
    });
    const there = await box.doors.ask('GET', `/v1/s/${cid}/refs`, { caller: blue.caller });
    expect(nowhere).toEqual(there);
    for (const odd of ['..', 'x', '%2e%2e', 'A'.repeat(52)]) {
      const answer = await box.doors
        .ask('GET', `/v1/s/${encodeURIComponent(odd)}/refs`, {
          caller: blue.caller,
        })
        .catch(() => ({ code: 'SWARM_UNKNOWN' }));
      expect(answer.code).toBe('SWARM_UNKNOWN');
    }
  });

  test('a device that retired itself is refused at every door from then on (I4)', async () => {
    const box2 = await roomOnDisk();
    const other = await new SwarmBox(box2.path).start();
    const [a, b] = (await foundMission(other, await paperFounding(2))) as [
      PaperDevice,
      PaperDevice,
    ];
    const retired = await a.write(a.missionCid, { k: 'devrev', x: { d: a.caller.device } });
    expect((await b.push(a.missionCid, [retired])).json).toMatchObject({ ok: [retired.sid] });
    expect(other.service.membership.device(a.caller.device)).toBeUndefined();
    expect(other.service.membership.device(b.caller.device)).toBeDefined();
    const doors: ['GET' | 'POST', string][] = [
      ['GET', '/v1/s'],
      ['POST', '/v1/s'],
      ['GET', `/v1/s/${a.missionCid}/refs`],
      ['POST', `/v1/s/${a.missionCid}/fetch`],
      ['POST', `/v1/s/${a.missionCid}/pack`],
      ['GET', '/v1/claims'],
    ];
    for (const [method, door] of doors) {
      const answer = await other.doors.ask(method, door, { caller: a.caller });
      expect([door, answer.isFine, answer.code]).toEqual([
        door,
        false,
        expect.stringMatching(/REMOVED|PACK/),
      ]);
    }
    await other.service.stop();
    await box2.remove();
  });

  test('a batch of another box is worth nothing here, and its commits change nothing', async () => {
    const elsewhere = await roomOnDisk();
    const other = await new SwarmBox(elsewhere.path).start();
    const [stranger] = (await foundMission(other, await paperFounding(2))) as [
      PaperDevice,
      PaperDevice,
    ];
    const begun = await stranger.begin([stranger.caller.member]);
    const before = await box.doors.ask('GET', `/v1/s/${red.missionCid}/refs`, {
      caller: red.caller,
    });
    const mission = stranger.mission.heads.map(({ sid }) => stranger.mission.commit(sid) as Commit);
    const replayed = await red.push(red.missionCid, [...mission, begun.genesis]);
    expect((replayed.json as PushAnswer).ok).toEqual([]);
    const room2 = await red.create([begun.genesis]);
    expect((room2.json as PushAnswer).ok).toEqual([]);
    expect(
      await box.doors.ask('GET', `/v1/s/${red.missionCid}/refs`, { caller: red.caller }),
    ).toEqual(before);
    expect((await box.doors.ask('GET', '/v1/s', { caller: stranger.caller })).code).toBe(
      'SWARM_DEVICE_REMOVED',
    );
    await other.service.stop();
    await elsewhere.remove();
  });
});

test('whoever sends too fast is delayed, told how long, and never condemned (L5, I3, S142)', async () => {
  box.clock.pass(24 * 3_600_000);
  const said: Commit[] = [];
  for (let i = 0; i < 31; i++) said.push(await red.say(cid, `message ${i}`));
  expect((await red.push(cid, said.slice(0, 30))).isFine).toBe(true);
  const last = said.slice(30);
  const answer = await red.push(cid, last);
  expect(answer).toMatchObject({ isFine: false, code: 'SWARM_TOO_FAST' });
  expect(answer.retryAfterSeconds).toBeGreaterThan(0);
  box.clock.pass(answer.retryAfterSeconds * 1000);
  expect((await red.push(cid, last)).json).toMatchObject({ ok: last.map(({ sid }) => sid) });
});

test('a closing box takes nothing more and says so', async () => {
  await box.service.quiesce();
  for (const door of [path, '/v1/s']) {
    expect((await red.pushBytes(door, packOf([]))).code).toBe('SWARM_CLOSING');
  }
  expect((await box.doors.ask('POST', '/v1/founding', { body: {} })).code).toBe('SWARM_CLOSING');
  expect((await box.doors.ask('GET', `/v1/s/${cid}/refs`, { caller: red.caller })).isFine).toBe(
    true,
  );
});

function seededByte(seed: number): () => number {
  const random = seeded(seed);
  return () => Math.floor(random() * 256);
}
