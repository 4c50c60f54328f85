import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeEngine } from '#kernel/node-engine.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { topicOf } from '#protocol/codec/fingerprint.ts';
import { H } from '#protocol/codec/hash.ts';
import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import type { Signer } from '#protocol/crypto/sign.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import type { HeadFact } from '../../appliance/services/swarm/facts.ts';
import { paperFounding, type PaperFounding } from '../support/founders.ts';
import { PaperDevice, type PushAnswer } from '../support/paper-device.ts';
import { fsck, stockGit } from '../support/stock-git.ts';
import { foundMission, roomOnDisk, SwarmBox } from '../support/swarm-box.ts';

const canary = 'Wagtail Marmalade';
let room: Awaited<ReturnType<typeof roomOnDisk>>;
let box: SwarmBox;
let paper: PaperFounding;
let red: PaperDevice;
let blue: PaperDevice;

beforeAll(async () => {
  room = await roomOnDisk();
  box = await new SwarmBox(room.path).start();
  paper = await paperFounding(2, canary);
  [red, blue] = (await foundMission(box, paper)) as [PaperDevice, PaperDevice];
});
afterAll(async () => {
  await box.service.stop();
  await room.remove();
});

const pushed = async (
  device: PaperDevice,
  cid: string,
  ...commits: Parameters<PaperDevice['push']>[1]
) => {
  const answer = await device.push(cid, commits);
  expect(answer.code).toBe('');
  return answer.json as PushAnswer;
};

test('a founding of two parties makes one mission that both have whole', () => {
  expect(red.mission.heads.map(({ sid }) => sid).sort()).toEqual(
    blue.mission.heads.map(({ sid }) => sid).sort(),
  );
  expect(red.mission.size).toBe(3);
  expect(box.service.membership.device(red.caller.device)).toMatchObject({
    member: red.caller.member,
    party: red.caller.party,
  });
});

let cid: string;
let said: Commit;

test('a room is begun, written in, and read by the other party', async () => {
  const begun = await red.begin([red.caller.member, blue.caller.member]);
  cid = begun.cid;
  const made = await red.create([begun.genesis]);
  expect((made.json as PushAnswer).ok).toEqual([begun.genesis.sid]);
  const swarms = await box.doors.ask('GET', '/v1/s', { caller: blue.caller });
  expect(swarms.json).toEqual([{ cid: red.missionCid }, { cid, parent: red.missionCid }]);
  await blue.sync(cid);
  const joined = await blue.write(cid, { k: 'join', x: {} });
  expect((await pushed(blue, cid, joined)).ok).toEqual([joined.sid]);
  await red.sync(cid);
  const epoch = await red.epoch(cid);
  said = await red.say(cid, canary);
  const answer = await pushed(red, cid, epoch, said);
  expect(answer).toMatchObject({ ok: [epoch.sid, said.sid], no: [], parked: [], head: said.oid });
  await blue.sync(cid);
  expect(blue.room(cid).replica.has(said.sid)).toBe(true);
});

test('what happened is told: heads of devices, and a room to those who may see it', async () => {
  const heads: HeadFact[] = [];
  const rooms: { cid: string; devices: readonly string[] }[] = [];
  const off = [
    box.service.events.on('head', (fact) => heads.push(fact)),
    box.service.events.on('swarm', (fact) => rooms.push(fact)),
  ];
  const begun = await blue.begin([red.caller.member, blue.caller.member]);
  await blue.create([begun.genesis]);
  const { device } = blue.caller;
  const { oid, sid } = begun.genesis;
  expect(heads).toEqual([{ cid: begun.cid, device, oid, sid, q: 0, n: 1 }]);
  expect(rooms).toHaveLength(1);
  expect(rooms[0]?.devices.toSorted()).toEqual([red.caller.device, device].toSorted());
  const tp = topicOf(begun.cid);
  expect(box.service.membership.maySeeTopic(red.caller.device, tp)).toBe(true);
  expect(box.service.membership.maySeeTopic('nobody', tp)).toBe(false);
  await blue.create([begun.genesis]);
  expect(heads).toHaveLength(1);
  for (const end of off) end();
});

test('work done offline by both parties meets, and neither loses or doubles anything', async () => {
  const mine = [await red.say(cid, 'red one'), await red.say(cid, 'red two')];
  const theirs = [await blue.epoch(cid), await blue.say(cid, 'blue one')];
  expect((await pushed(blue, cid, ...theirs)).no).toEqual([]);
  expect((await pushed(red, cid, ...mine)).no).toEqual([]);
  expect((await pushed(red, cid, ...mine)).ok).toEqual(mine.map((commit) => commit.sid));
  for (const device of [red, blue]) await device.sync(cid);
  const joining = await red.say(cid, 'both');
  expect(joining.parents).toHaveLength(2);
  await pushed(red, cid, joining);
  await blue.sync(cid);
  const all = (device: PaperDevice): string[] =>
    device
      .room(cid)
      .replica.order()
      .shown.map(({ sid }) => sid);
  expect(all(blue)).toEqual(all(red));
  expect(new Set(all(red)).size).toBe(all(red).length);
});

test('a newcomer fetches page by page and has the same in the end (S130, L3)', async () => {
  const copy = new PaperDevice(
    paper.founders[0]?.device as Signer,
    red.caller,
    red.missionCid,
    () => box.doors,
  );
  expect(await copy.sync(red.missionCid, 1)).toBe(3);
  expect(await copy.sync(cid, 3000)).toBeGreaterThan(2);
  expect(copy.room(cid).replica.heads.map(({ sid }) => sid)).toEqual(
    red.room(cid).replica.heads.map(({ sid }) => sid),
  );
});

test('after a restart everything is there, and every head is told again', async () => {
  const refs = () => box.doors.ask('GET', `/v1/s/${cid}/refs`, { caller: red.caller });
  const before = await refs();
  const list = await box.doors.ask('GET', '/v1/s', { caller: blue.caller });
  await box.restart();
  expect((await refs()).json).toEqual(before.json);
  expect((await box.doors.ask('GET', '/v1/s', { caller: blue.caller })).json).toEqual(list.json);
  const heads: HeadFact[] = [];
  box.service.events.on('head', (fact) => heads.push(fact));
  box.service.announce();
  const ofRoom = heads.filter((fact) => fact.cid === cid);
  expect(ofRoom.map(({ device, oid, sid, q }) => [device, oid, sid, q])).toEqual(before.json);
  expect(await red.say(cid, 'after').then((commit) => pushed(red, cid, commit))).toMatchObject({
    no: [],
  });
});

test('stock git clones, checks and verifies what is stored (S12, S13)', async () => {
  const desk = await roomOnDisk();
  for (const swarm of [red.missionCid, cid]) {
    const path = box.repositoryOf(swarm);
    fsck(path);
    const clone = `${desk.path}/clone-${swarm}.git`;
    stockGit(desk.path, 'clone', '--quiet', '--mirror', path, clone);
    fsck(clone);
    const signers = `${desk.path}/allowed_signers-${swarm}`;
    const commits = stockGit(clone, 'rev-list', '--all').trim().split('\n');
    const replica = red.replica(swarm);
    const lines = commits.map((oid) => {
      const commit = replica.commit(replica.byOid(oid)?.sid as string) as Commit;
      return `${commit.envelope.d} namespaces="git" ${sshKey(commit.signature.key)}`;
    });
    await writeFile(signers, `${[...new Set(lines)].join('\n')}\n`);
    for (const oid of commits) {
      stockGit(clone, '-c', `gpg.ssh.allowedSignersFile=${signers}`, 'verify-commit', oid);
    }
    expect(commits).toHaveLength(replica.size);
    const branch = stockGit(clone, 'symbolic-ref', 'HEAD').trim();
    expect(replica.byOid(stockGit(clone, 'rev-parse', branch).trim())).toBeDefined();
  }
  await desk.remove();
});

test('each stored commit has one receipt in a chain signed by the box', async () => {
  const log = await readFile(join(room.path, 'mission', 'receipts', `${cid}.log`), 'utf8');
  const lines = log.split('\n').slice(0, -1);
  expect(lines).toHaveLength(red.room(cid).replica.size);
  let before = '';
  for (const line of lines) {
    const { c, s } = JSON.parse(line) as { c: { p: string; sid: string }; s: string };
    expect(c.p).toBe(before === '' ? '' : toB64u(H('receipt', before)));
    const receipt = utf8(encode(c as unknown as Json));
    const signature = fromB64u(s, 64) as Uint8Array;
    expect(await verifyBlob(nodeEngine, 'parley-box-v1', box.boxKey, receipt, signature)).toBe(
      true,
    );
    before = line;
  }
});

test('no file of the box holds a word of what people said or how they are called (S111)', async () => {
  const files = (await readdir(room.path, { recursive: true, withFileTypes: true })).filter(
    (file) => file.isFile(),
  );
  expect(files.length).toBeGreaterThan(20);
  const holds = async (word: string): Promise<boolean> => {
    for (const file of files) {
      const bytes = await readFile(join(file.parentPath, file.name));
      if (bytes.includes(word) || inflated(bytes).includes(word)) return true;
    }
    return false;
  };
  expect(await holds(canary)).toBe(false);
  // The search works: what is in clear on purpose is found.
  expect(await holds(red.caller.device)).toBe(true);
});

function inflated(bytes: Buffer): Buffer {
  try {
    return inflateSync(bytes);
  } catch {
    // Not a git object.
    return Buffer.alloc(0);
  }
}

function sshKey(key: Uint8Array): string {
  const part = (bytes: Uint8Array): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  return `ssh-ed25519 ${Buffer.concat([part(Buffer.from('ssh-ed25519')), part(key)]).toString('base64')}`;
}
