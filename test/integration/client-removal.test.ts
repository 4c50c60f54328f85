import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BoxProcess } from '../support/box-process.ts';
import { foundTogether, joinedBy, type NodeClient } from '../support/node-client.ts';

const room = 'All parties';
let box: BoxProcess;
let people: NodeClient[];
let red: NodeClient;
let blue: NodeClient;
let green: NodeClient;
let carla: NodeClient;

beforeAll(async () => {
  box = await BoxProcess.start();
  const leads = ['Red', 'Blue', 'Green'].map((name) => [name, `${name}'s lead`] as const);
  people = await foundTogether(await box.origin(), { leads });
  [red, blue, green] = people as [NodeClient, NodeClient, NodeClient];
  carla = await joinedBy(red, 'Carla');
  people.push(carla);
}, 60_000);

afterAll(async () => {
  for (const one of people) await one.stop();
  await box.remove();
});

describe('a person whom the parties remove', { timeout: 30_000 }, () => {
  it('cannot be saved or sacrificed by the own party', async () => {
    const person = carla.mission.me.id;
    await expect(red.client.proposeVote({ kind: 'remove-member', person })).rejects.toMatchObject({
      problem: { code: 'VOTE_OWN_PARTY' },
    });
    await expect(
      blue.client.proposeVote({ kind: 'remove-member', person: 'a'.repeat(52) }),
    ).rejects.toMatchObject({ problem: { code: 'VOTE_REFUSED' } });
    await expect(blue.client.vote('close.swarm.nothing', 'yes')).rejects.toMatchObject({
      problem: { code: 'VOTE_GONE' },
    });
  });

  it('is out once two others say so, and can leave the mission', async () => {
    const person = carla.mission.me.id;
    await blue.client.proposeVote({ kind: 'remove-member', person });
    await green.sees('the question', ({ mission }) => mission.votes.length === 1);
    expect(green.mission.votes[0]).toMatchObject({ units: [1, 2], needed: 2, canVote: true });
    expect(red.mission.votes[0]?.canVote ?? false).toBe(false);
    await green.client.vote(green.mission.votes[0]?.id ?? '', 'yes');
    for (const one of [red, blue, green]) {
      await one.sees('her gone', ({ mission }) => mission.people.every(({ id }) => id !== person));
    }
    await expect(carla.client.leaveMission()).rejects.toMatchObject({
      problem: { code: 'CLOSING_NOT_YET' },
    });
    carla.network.cut(true);
    await carla.sees('no link', ({ view }) => view.link.state === 'none');
    carla.network.cut(false);
    await carla.sees('a closed door', ({ view }) => view.problem?.code === 'DEVICE_OUT');
    await carla.client.leaveMission();
    expect(carla.view.stage).toBe('welcome');
  });
});

const isSent = (one: NodeClient): boolean =>
  one.messages(room).every(({ delivery, kind }) => kind !== 'text' || delivery === 'sent');

describe('what is on its way when the close arrives', () => {
  it('is in everybody’s history, or refused in words; a file that is not there says so', async () => {
    const cid = red.conversation(room)?.cid ?? '';
    red.network.bend = (request, reply) => {
      if (request.path.startsWith('/v1/f/')) throw new Error('the way is lost');
      return reply;
    };
    const read = (from: number, to: number) => Promise.resolve(new Uint8Array(to - from));
    await red.client.sendFile(cid, { name: 'map.png', sizeBytes: 90_000, read });
    await green.client.proposeVote({ kind: 'close' });
    await blue.sees('the question', ({ mission }) =>
      mission.votes.some(({ about }) => about.kind === 'close'),
    );
    const vote = blue.mission.votes.find(({ about }) => about.kind === 'close');
    const closing = blue.client.vote(vote?.id ?? '', 'yes');
    const said: string[] = [];
    let refusal: unknown;
    for (let i = 0; refusal === undefined; i += 1) {
      const text = `Just in time ${i}`;
      await red.send(room, text).then(
        () => said.push(text),
        (error: unknown) => (refusal = error),
      );
      // Some are on their way together, not so many that the box slows this device down.
      if (i % 4 === 3)
        await red.sees('a pause', (one) => one.view.link.state !== 'none' && isSent(one));
    }
    await closing;
    expect(refusal).toMatchObject({ problem: { code: 'MISSION_CLOSED' } });
    const fileOf = () => red.messages(room).find(({ kind }) => kind === 'file')?.file;
    await red.sees('its file halted', () => fileOf()?.state === 'paused');
    const file = fileOf();
    expect(file).toMatchObject({ name: 'map.png', state: 'paused' });
    await expect(red.client.fetchFile(file?.sid ?? '')).rejects.toMatchObject({
      problem: { code: 'FILE_MISSION_CLOSED' },
    });
    for (const one of [red, blue, green]) {
      await one.sees('the record', ({ mission }) => mission.closing?.record, 40_000);
      expect(one.texts(room)).toEqual(expect.arrayContaining(said));
      await one.client.fetchRecord();
      expect(one.closing.record?.state).toBe('held');
    }
    expect(red.closing.unsent).toBe(1);
  }, 90_000);
});
