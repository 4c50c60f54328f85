import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BoxProcess } from '../support/box-process.ts';
import { element } from '../support/client/board-room.ts';
import { foundMission, joinedBy, type NodeClient } from '../support/node-client.ts';

const room = 'All parties';
let box: BoxProcess;
let red: NodeClient;
let blue: NodeClient;
let carla: NodeClient;
let id: string;

/** What somebody sees on the board: ids, in the order of drawing. */
function drawnOn(one: NodeClient): string[] {
  return (one.client.board(id)?.elements ?? []).map(
    (text) => (JSON.parse(text) as { id: string }).id,
  );
}

async function opens(one: NodeClient): Promise<void> {
  id = await one.client.openBoard(one.conversation(room)?.cid ?? '');
}

beforeAll(async () => {
  box = await BoxProcess.start();
  ({ red, blue } = await foundMission(await box.origin()));
});

afterAll(async () => {
  for (const one of [red, blue, carla]) await one?.stop();
  await box.remove();
});

describe('the board of a conversation', () => {
  it('shows where the other points', async () => {
    for (const one of [red, blue]) await opens(one);
    await blue.sees('the pointer', ({ client }) => {
      red.client.point(id, 40, -7);
      const [pointer] = client.board(id)?.pointers ?? [];
      return pointer?.name === 'Rosa' && pointer.x === 40 && pointer.y === -7;
    });
  });

  it('shows live what the other draws, before any history comes', async () => {
    blue.network.bend = (request, reply) => {
      if (request.path.endsWith('/fetch')) throw new Error('lost on the way');
      return reply;
    };
    await red.client.draw(id, [element({ id: 'bridge' })]);
    await blue.sees('the stroke', (one) => drawnOn(one).includes('bridge'));
    expect(blue.messages(room).some(({ kind }) => kind === 'board')).toBe(false);
    blue.network.bend = (_, reply) => reply;
  });

  it('stands in the log once it is kept, as one line', async () => {
    for (const one of [red, blue]) {
      await one.sees('the line', (seen) =>
        seen.messages(room).some(({ kind }) => kind === 'board'),
      );
    }
    await red.client.draw(id, [element({ id: 'boat' })]);
    await red.sees('it sent', ({ client }) => client.board(id)?.saved === 'sent');
    expect(red.messages(room).filter(({ kind }) => kind === 'board')).toHaveLength(1);
  });

  it('survives a reload', async () => {
    await blue.client.draw(id, [element({ id: 'school' })]);
    await blue.restart();
    await opens(blue);
    await blue.sees('everything', (one) => drawnOn(one).length === 3);
    await red.sees('the last stroke', (one) => drawnOn(one).includes('school'));
  });

  it('is there on a device that joins late', async () => {
    carla = await joinedBy(red, 'Carla');
    await opens(carla);
    await carla.sees('everything', (one) => drawnOn(one).length === 3);
    expect(drawnOn(carla)).toEqual(drawnOn(red));
  });

  it('merges what two drew offline (S127)', async () => {
    for (const one of [red, blue]) {
      one.network.cut(true);
      await one.sees('no link', ({ view }) => view.link.state === 'none');
    }
    const moved = { id: 'bridge', version: 2 };
    await red.client.draw(id, [element({ ...moved, versionNonce: 9, x: 1 }), element({ id: 'r' })]);
    await blue.client.draw(id, [
      element({ ...moved, versionNonce: 3, x: 2 }),
      element({ id: 'b' }),
    ]);
    expect(red.client.board(id)?.saved).toBe('kept');
    expect(drawnOn(red)).not.toContain('b');
    for (const one of [red, blue]) one.network.cut(false);
    for (const one of [red, blue, carla]) {
      await one.sees('both', (seen) => drawnOn(seen).length === 5);
      await one.sees('the agreed place', ({ client }) =>
        client.board(id)?.elements.some((text) => text.includes('"x":2')),
      );
    }
    expect(red.client.board(id)?.elements).toEqual(blue.client.board(id)?.elements);
  });

  it('is closed without losing the last stroke', async () => {
    await red.client.draw(id, [element({ id: 'last' })]);
    await red.client.closeBoard(id);
    expect(red.client.board(id)).toBeUndefined();
    await carla.sees('the last stroke', (one) => drawnOn(one).includes('last'));
  });
});
