import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeEngine } from '#kernel/node-engine.ts';
import { deviceFingerprint } from '#protocol/codec/fingerprint.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { issueDevice } from '#protocol/identity/issue.ts';
import { paperFounding, type Founder } from '../support/founders.ts';
import { PaperDevice, type PushAnswer } from '../support/paper-device.ts';
import { seedOf } from '../support/people.ts';
import { foundMission, roomOnDisk, SwarmBox } from '../support/swarm-box.ts';
import { fsck } from '../support/stock-git.ts';

/** Twenty devices: as many as one person may write with at once (L8), of five parties. */
const perPerson = 4;
const parties = 5;

let room: Awaited<ReturnType<typeof roomOnDisk>>;
let box: SwarmBox;
let devices: PaperDevice[];
let mission: string;

/** One device more of a founder, introduced by itself. */
async function further(of: PaperDevice, founder: Founder, name: string): Promise<PaperDevice> {
  const signer = seedSigner(seedOf(name));
  const x = scalarKey(seedOf(`${name} x`)).publicKey;
  const d = await issueDevice(nodeEngine, founder.member, signer, x);
  const { member, party } = of.caller;
  const made = new PaperDevice(signer, { member, party }, mission, () => box.doors);
  const given = [...of.mission.commits()];
  await made.mission.admit(given);
  expect(made.caller.device).toBe(deviceFingerprint(signer.publicKey));
  await made.write(mission, { k: 'devadd', x: { d } as unknown as { [key: string]: Json } });
  const own = [...made.mission.commits()].filter(({ sid }) => !of.mission.has(sid));
  expect(((await of.push(mission, own)).json as PushAnswer).ok).toHaveLength(1);
  return made;
}

beforeAll(async () => {
  room = await roomOnDisk();
  box = await new SwarmBox(room.path, { commitBurstCount: 1000 }).start();
  const paper = await paperFounding(parties);
  const leads = await foundMission(box, paper);
  mission = box.service.cid() as string;
  devices = [...leads];
  for (const [i, lead] of leads.entries()) {
    for (let n = 1; n < perPerson; n++) {
      devices.push(await further(lead, paper.founders[i] as Founder, `device ${i} ${n}`));
    }
  }
});
afterAll(async () => {
  await box.service.stop();
  await room.remove();
});

test('S139: devices that push at once move each its own ref, and none loses a commit or is told to try again', async () => {
  const leads = devices.slice(0, parties);
  const [red] = leads as [PaperDevice];
  await red.sync(mission);
  const { cid, genesis } = await red.begin(leads.map(({ caller }) => caller.member));
  await red.create([genesis]);
  for (const lead of leads.slice(1)) {
    await lead.sync(mission);
    await lead.sync(cid);
    await lead.push(cid, [await lead.write(cid, { k: 'join', x: {} })]);
  }
  const written = new Map<PaperDevice, Commit[]>();
  for (const one of devices) {
    await one.sync(mission);
    await one.sync(cid);
    const { replica } = one.room(cid);
    if (replica.heads.length > 1) await one.write(cid, { k: 'merge' });
    for (let i = 0; i < 2; i++) await one.epoch(cid);
    const all = [...replica.commits()];
    const own = all.filter(({ envelope }) => envelope.d === one.caller.device);
    written.set(one, own);
  }
  const answers = await Promise.all([...written].map(([one, own]) => one.push(cid, own)));
  expect(answers.map(({ code }) => code).filter((code) => code)).toEqual([]);
  const refs = await box.doors.ask('GET', `/v1/s/${cid}/refs`, { caller: red.caller });
  const heads = new Map((refs.json as [string, string][]).map(([device, oid]) => [device, oid]));
  for (const [one, commits] of written) {
    expect(heads.get(one.caller.device)).toBe(commits.at(-1)?.oid);
  }
  fsck(box.repositoryOf(cid));
  await red.sync(cid);
  for (const commits of written.values()) {
    for (const { sid } of commits) expect(red.room(cid).replica.has(sid)).toBe(true);
  }
});
