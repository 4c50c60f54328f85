import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toB64u } from '#protocol/codec/text-form.ts';
import type { SwarmConfig } from '../../appliance/services/swarm/config.ts';
import type { Repositories, Repository } from '../../appliance/services/swarm/repository.ts';
import { paperFounding } from '../support/founders.ts';
import { packOf, type PaperDevice, type PushAnswer } from '../support/paper-device.ts';
import { foundMission, roomOnDisk, SwarmBox } from '../support/swarm-box.ts';

let room: Awaited<ReturnType<typeof roomOnDisk>>;
let box: SwarmBox;
beforeEach(async () => {
  room = await roomOnDisk();
});
afterEach(async () => {
  await box.service.stop();
  await room.remove();
});

const started = async (config: Partial<SwarmConfig> = {}): Promise<[PaperDevice, PaperDevice]> => {
  box = await new SwarmBox(room.path, config).start();
  return (await foundMission(box, await paperFounding(2))) as [PaperDevice, PaperDevice];
};

test('a party that has used its share is refused, and the others are not (L9)', async () => {
  const [red, blue] = await started({ storeBytes: 60_000 });
  const { cid, genesis } = await red.begin([red.caller.member, blue.caller.member]);
  await red.create([genesis, await red.epoch(cid)]);
  await blue.sync(cid);
  const refused = await until(async () => {
    const answer = await red.push(cid, [await red.say(cid, 'x'.repeat(3000))]);
    return answer.isFine ? undefined : answer;
  });
  expect(refused).toMatchObject({ code: 'SWARM_SHARE_USED' });
  expect(refused.retryAfterSeconds).toBeGreaterThan(0);
  await blue.sync(cid);
  const joined = await blue.write(cid, { k: 'join', x: {} });
  expect((await blue.push(cid, [joined])).json).toMatchObject({ ok: [joined.sid] });
});

test('sending again what the box has is free, and so are mission commits that come along', async () => {
  const [red] = await started({
    commitBurstCount: 4,
    commitsPerMinuteCount: 1,
    controlBurstCount: 4,
  });
  const { cid, genesis } = await red.begin([red.caller.member]);
  const epoch = await red.epoch(cid);
  await red.create([genesis, epoch]);
  const mission = red.mission.heads.flatMap(({ sid }) => red.mission.commit(sid) ?? []);
  for (let i = 0; i < 10; i++) {
    expect((await red.push(cid, [...mission, genesis, epoch])).isFine).toBe(true);
  }
});

test('a member that begins one room after the other is slowed down', async () => {
  const [red] = await started({ controlBurstCount: 3, controlPerHourCount: 1 });
  const codes: string[] = [];
  for (let i = 0; i < 4; i++) {
    codes.push((await red.create([(await red.begin([red.caller.member])).genesis])).code);
  }
  expect(codes).toEqual(['', '', '', 'SWARM_TOO_FAST']);
});

test('one conversation has an equal share for each party, and what fills it leaves the others alone', async () => {
  const [red, blue] = await started({ swarmBytes: 60_000 });
  const { cid, genesis } = await red.begin([red.caller.member, blue.caller.member]);
  await red.create([genesis, await red.epoch(cid)]);
  const refused = await until(async () => {
    const answer = await red.push(cid, [await red.say(cid, 'x'.repeat(3000))]);
    return answer.isFine ? undefined : answer;
  });
  expect(refused).toMatchObject({ code: 'SWARM_SHARE_USED' });
  const next = await red.begin([red.caller.member]);
  expect((await red.create([next.genesis])).isFine).toBe(true);
  await blue.sync(cid);
  const joined = await blue.write(cid, { k: 'join', x: {} });
  expect((await blue.push(cid, [joined])).json).toMatchObject({ ok: [joined.sid] });
});

test('there are never more conversations than a record holds, each party an equal share', async () => {
  const [red, blue] = await started({ maxRoomsCount: 5 });
  const begin = async (of: PaperDevice): Promise<string> =>
    (await of.create([(await of.begin([of.caller.member])).genesis])).code;
  const codes = [await begin(red), await begin(red), await begin(red), await begin(blue)];
  expect(codes).toEqual(['', '', 'SWARM_SHARE_USED', '']);
});

test('a disk that refuses a write is not answered with ok, and a restart has what was acknowledged', async () => {
  let isFull = false;
  const around = (real: Repositories): Repositories => ({
    recover: () => real.recover(),
    list: () => real.list(),
    open: async (cid) => failing(await real.open(cid), () => isFull),
  });
  box = await new SwarmBox(room.path, {}, around).start();
  const [red] = (await foundMission(box, await paperFounding(2))) as [PaperDevice, PaperDevice];
  const { cid, genesis } = await red.begin([red.caller.member]);
  const epoch = await red.epoch(cid);
  await red.create([genesis, epoch]);
  const said = await red.say(cid, 'kept');
  isFull = true;
  const answer = await red.push(cid, [said]);
  expect(answer).toMatchObject({ isFine: false, code: 'SWARM_STORE_FAILED' });
  expect(box.service.health().status).toBe('failed');
  isFull = false;
  // Memory knows the commit, the disk does not: nothing may be acknowledged before loading again.
  expect((await red.push(cid, [said])).code).toBe('SWARM_STORE_FAILED');
  await box.restart();
  expect(box.service.health().status).toBe('ok');
  const refs = await box.doors.ask('GET', `/v1/s/${cid}/refs`, { caller: red.caller });
  expect((refs.json as string[][]).map((row) => row[1])).toEqual([epoch.oid]);
  expect((await red.push(cid, [said])).json).toMatchObject({ ok: [said.sid] });
});

test('a store in which a byte has changed is not opened as if nothing had happened', async () => {
  const [red] = await started();
  const { genesis } = await red.begin([red.caller.member]);
  await red.create([genesis]);
  await box.service.stop();
  const around = (real: Repositories): Repositories => ({
    recover: () => real.recover(),
    list: () => real.list(),
    open: async (of) => {
      const found = await real.open(of);
      const read: Repository['read'] = async (oid) => {
        const object = await found.read(oid);
        if (oid !== genesis.oid || !object) return object;
        const body = object.body.map((byte, i) => (i === object.body.length - 5 ? byte ^ 1 : byte));
        return { ...object, body };
      };
      return { ...bound(found), read };
    },
  });
  const again = new SwarmBox(room.path, {}, around);
  await expect(again.start()).rejects.toThrow('damaged');
  expect(again.service.health().status).toBe('failed');
});

test('strangers cannot hold more questions open than there are places', async () => {
  box = await new SwarmBox(room.path, { maxPollsCount: 8, pollMs: 60_000 }).start();
  const leaving = new AbortController();
  const ask = () => box.doors.ask('GET', '/v1/founding?after=0', { signal: leaving.signal });
  const waiting = Array.from({ length: 8 }, ask);
  expect((await ask()).code).toBe('SWARM_POLLS_USED');
  leaving.abort();
  await Promise.all(waiting);
});

test('there is nothing to push to before there is a mission', async () => {
  box = await new SwarmBox(room.path).start();
  const f = toB64u(new Uint8Array(32));
  const caller = { device: f, member: f, party: f };
  const answer = await box.doors.ask('POST', '/v1/s', { caller, body: packOf([]) });
  expect(answer.code).toBe('SWARM_DEVICE_REMOVED');
});

test('the service keeps no file outside what it declares, and starting or stopping twice is fine', async () => {
  const [red] = await started();
  const { genesis } = await red.begin([red.caller.member]);
  expect(((await red.create([genesis])).json as PushAnswer).ok).toEqual([genesis.sid]);
  await box.start();
  await box.service.stop();
  await box.service.stop();
  const declared = box.service.claims.map(({ path }) => path);
  const files = await readdir(room.path, { recursive: true, withFileTypes: true });
  const outside = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(room.path.length + 1))
    .filter((path) => !declared.some((claim) => path === claim || path.startsWith(`${claim}/`)));
  expect(outside).toEqual([]);
});

test('a start that is aborted leaves the service closed, and it can be started later', async () => {
  box = new SwarmBox(room.path);
  await expect(box.service.start(AbortSignal.abort())).rejects.toThrow();
  expect(box.service.health().status).toBe('failed');
  await box.start();
  expect(box.service.health().status).toBe('ok');
});

function failing(real: Repository, isFull: () => boolean): Repository {
  const write: Repository['write'] = async (objects) => {
    if (isFull()) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    await real.write(objects);
  };
  return { ...bound(real), write };
}

function bound(real: Repository): Repository {
  return {
    read: (oid) => real.read(oid),
    write: (objects) => real.write(objects),
    refs: () => real.refs(),
    move: (ref, from, to) => real.move(ref, from, to),
    show: (oid) => real.show(oid),
  };
}

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 100; tries++) {
    const found = await ask();
    if (found !== undefined) return found;
  }
  throw new Error('it never came');
}
