import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HttpReply, HttpRequest } from '#client/ports.ts';
import { pageLimits } from '#protocol/pack/limits.ts';
import { gitObject, type GitObject } from '#protocol/pack/object.ts';
import { scanPack } from '#protocol/pack/scan.ts';
import { writePack } from '#protocol/pack/write.ts';
import { BoxProcess } from '../support/box-process.ts';
import { nodeZlib } from '../../appliance/terminal/platform/node-zlib.ts';
import { foundMission, type NodeClient } from '../support/node-client.ts';

const room = 'All parties';
let box: BoxProcess;
let red: NodeClient;
let blue: NodeClient;

beforeAll(async () => {
  box = await BoxProcess.start();
  ({ red, blue } = await foundMission(await box.origin()));
  await blue.sees('the names', ({ mission }) => mission.people.every(({ name }) => name));
  await red.sees('the names', ({ mission }) => mission.people.every(({ name }) => name));
});

afterEach(() => {
  for (const one of [red, blue]) one.network.bend = (_request, reply) => reply;
});

afterAll(async () => {
  for (const one of [red, blue]) await one?.stop();
  await box?.remove();
});

/** Rewrites every page of history on its way. */
function packs(change: (objects: readonly GitObject[]) => readonly GitObject[]) {
  return (request: HttpRequest, reply: HttpReply): HttpReply => {
    if (!request.path.endsWith('/fetch') || reply.status !== 200) return reply;
    const objects = scanPack(reply.body, nodeZlib, pageLimits);
    return objects.ok ? { ...reply, body: writePack(change(objects.value), nodeZlib) } : reply;
  };
}

const isPush = ({ method, path }: HttpRequest): boolean =>
  method === 'POST' && path.includes('/pack');

describe('a box that lies', () => {
  it('cannot change a message: the changed one is refused, and the true one comes later', async () => {
    blue.network.bend = packs((objects) =>
      objects.map((object) => {
        const text = new TextDecoder().decode(object.body);
        const changed = text.replace(/\n([A-Za-z0-9+/]{300,}=*)\n$/, (_, sealed: string) => {
          const first = sealed.startsWith('A') ? 'B' : 'A';
          return `\n${first}${sealed.slice(1)}\n`;
        });
        return gitObject(
          object.type,
          changed === text ? object.body : new TextEncoder().encode(changed),
        );
      }),
    );
    await red.send(room, 'Ten sacks of flour');
    await red.sees('it sent', (one) =>
      one.messages(room).every(({ delivery }) => delivery === 'sent'),
    );
    await blue.sees('a fetch', ({ network }) =>
      network.asked.some((path) => path.endsWith('/fetch')),
    );
    expect(blue.texts(room)).not.toContain('Ten sacks of flour');
    blue.network.bend = (_request, reply) => reply;
    await blue.restart();
    await blue.sees('the true one', (one) => one.texts(room).includes('Ten sacks of flour'));
  });

  it('changes nothing by serving pages in another order', async () => {
    blue.network.bend = packs((objects) => objects.toReversed());
    await red.send(room, 'First in order');
    await red.send(room, 'Second in order');
    await blue.sees('both', (one) => one.texts(room).includes('Second in order'));
    expect(blue.texts(room)).toEqual(red.texts(room));
  });

  it('is not believed when it announces a commit that cannot be had (S131)', async () => {
    const nowhere = 'f'.repeat(40);
    blue.network.bend = (request, reply) => {
      if (!request.path.endsWith('/refs') || reply.status !== 200) return reply;
      const refs = JSON.parse(new TextDecoder().decode(reply.body)) as unknown[][];
      const added = [...refs, ['z'.repeat(52), nowhere, 'x', 3]];
      return { ...reply, body: new TextEncoder().encode(JSON.stringify(added)) };
    };
    await red.send(room, 'Still heard');
    await blue.sees('the message', (one) => one.texts(room).includes('Still heard'));
    const before = blue.network.asked.filter((path) => path.endsWith('/fetch')).length;
    await red.send(room, 'Heard again');
    await blue.sees('the next', (one) => one.texts(room).includes('Heard again'));
    const after = blue.network.asked.filter((path) => path.endsWith('/fetch')).length;
    expect(after - before).toBeLessThan(6);
  });

  it('can hold messages back, but what comes later is marked as late and counts as unread (S44)', async () => {
    const cid = blue.conversation(room)?.cid ?? '';
    let looks = 0;
    blue.network.bend = (request, reply) => {
      if (!request.path.endsWith(`${cid}/refs`) || reply.status !== 200) return reply;
      looks += 1;
      return { ...reply, body: new TextEncoder().encode('[]') };
    };
    await red.send(room, 'Held back');
    await blue.sees('a look at the refs', () => looks > 0);
    for (const text of ['Blue two', 'Blue three', 'Blue four', 'Blue five'])
      await blue.client.send(cid, text);
    expect(blue.texts(room)).not.toContain('Held back');
    await blue.client.markRead(cid);
    blue.network.bend = (_request, reply) => reply;
    await blue.restart();
    await blue.sees('it at last', (one) => one.texts(room).includes('Held back'));
    expect(blue.conversation(room)?.unread).toBe(1);
    expect(blue.messages(room).find(({ text }) => text === 'Held back')?.isLate).toBe(true);
    expect(blue.texts(room)).toHaveLength(new Set(blue.texts(room)).size);
  });
});

describe('power cuts and lost answers', () => {
  it('send a kept message once, as the same bytes, after the power went before it was sent (S49)', async () => {
    red.network.cut(true);
    await red.send(room, 'Written in the dark');
    await red.restart();
    expect(red.messages(room).find(({ text }) => text === 'Written in the dark')).toMatchObject({
      delivery: 'kept',
    });
    red.network.cut(false);
    await blue.sees('it', (one) => one.texts(room).includes('Written in the dark'));
    await red.sees('it sent', (one) =>
      one.messages(room).every(({ delivery }) => delivery === 'sent'),
    );
    expect(blue.texts(room).filter((text) => text === 'Written in the dark')).toHaveLength(1);
  });

  it('double nothing when the box took a message and the answer was lost', async () => {
    let lost = 0;
    red.network.bend = (request, reply) => {
      if (isPush(request) && lost < 2) {
        lost += 1;
        throw new Error('the answer was lost');
      }
      return reply;
    };
    await red.send(room, 'Twice on the way');
    await blue.sees('it', (one) => one.texts(room).includes('Twice on the way'));
    await red.restart();
    await red.sees('it sent', (one) =>
      one.messages(room).every(({ delivery }) => delivery === 'sent'),
    );
    expect(red.texts(room)).toEqual(blue.texts(room));
    expect(red.texts(room).filter((text) => text === 'Twice on the way')).toHaveLength(1);
  });

  it('restore from the outbox what git had not yet on disk', async () => {
    red.network.cut(true);
    const { repositories } = red.storage.image();
    await red.send(room, 'Only in the outbox');
    const disk = { ...red.storage.image(), repositories };
    await red.stop();
    await red.open(disk);
    expect(red.texts(room)).toContain('Only in the outbox');
    red.network.cut(false);
    await blue.sees('it', (one) => one.texts(room).includes('Only in the outbox'));
  });

  it('keep and show nothing that the disk refused, and say so', async () => {
    red.storage.isFull = true;
    const cid = red.conversation(room)?.cid ?? '';
    await expect(red.client.send(cid, 'Lost on a full disk')).rejects.toMatchObject({
      problem: { code: 'STORAGE_FAILED' },
    });
    expect(red.texts(room)).not.toContain('Lost on a full disk');
    expect(red.conversation(room)?.readOnly).toBeDefined();
    red.storage.isFull = false;
    await red.restart();
    await red.send(room, 'Room again');
    await blue.sees('it', (one) => one.texts(room).includes('Room again'));
    expect(blue.texts(room)).not.toContain('Lost on a full disk');
  });

  it('stop a device that was set back from writing a number twice (K16)', async () => {
    const older = red.storage.image();
    await red.send(room, 'After the backup');
    await blue.sees('it', (one) => one.texts(room).includes('After the backup'));
    await red.sees('it sent', (one) =>
      one.messages(room).every(({ delivery }) => delivery === 'sent'),
    );
    await red.stop();
    await red.open(older);
    await red.sees('that it was set back', (one) => one.conversation(room)?.readOnly);
    const cid = red.conversation(room)?.cid ?? '';
    await expect(red.client.send(cid, 'Forked')).rejects.toMatchObject({
      problem: { code: 'DEVICE_SET_BACK' },
    });
  });
});
