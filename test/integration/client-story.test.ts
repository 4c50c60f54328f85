import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundMission, joinedBy, type NodeClient } from '../support/node-client.ts';
import { BoxProcess } from '../support/box-process.ts';

const room = 'All parties';
let box: BoxProcess;
let origin: string;
let red: NodeClient;
let blue: NodeClient;
let carla: NodeClient;

beforeAll(async () => {
  box = await BoxProcess.start();
  origin = await box.origin();
});

afterAll(async () => {
  for (const one of [red, blue, carla]) await one?.stop();
  await box.remove();
});

describe('a mission on a real box', () => {
  it('is founded by two parties who saw the same safety code', async () => {
    ({ red, blue } = await foundMission(origin));
    expect(red.mission.code).toEqual(blue.mission.code);
    expect(red.mission.charter.name).toBe('Flood response');
    expect(red.mission.compared).toEqual([0, 1]);
    expect(red.mission.me).toMatchObject({ name: 'Rosa', isLead: true, slot: 0 });
    await red.sees("Blue's name", ({ view }) =>
      view.mission?.people.some(({ name }) => name === 'Bela'),
    );
  });

  it('lets two parties talk', async () => {
    await red.send(room, 'Hello Blue');
    await blue.sees('the message', (one) => one.texts(room).includes('Hello Blue'));
    await blue.send(room, 'Hello Red');
    await red.sees('the answer', (one) => one.texts(room).includes('Hello Red'));
    const [first] = blue.messages(room).filter(({ kind }) => kind === 'text');
    expect(first).toMatchObject({ name: 'Rosa', slot: 0, isMine: false, delivery: 'sent' });
  });

  it('takes in a colleague, who can read what was said and write', async () => {
    carla = await joinedBy(red, 'Carla');
    await carla.sees('the past', (one) => one.texts(room).includes('Hello Red'));
    expect(carla.mission.charter.parties.map(({ name }) => name)).toEqual(['Red', 'Blue']);
    await carla.send(room, 'Hello all');
    for (const one of [red, blue]) {
      await one.sees('the colleague', (seen) => seen.texts(room).includes('Hello all'));
      await one.sees('her name', ({ mission }) =>
        mission.people.some(({ name, slot }) => name === 'Carla' && slot === 0),
      );
    }
    expect(red.mission.invitations[0]).toMatchObject({ used: 1, uses: 1 });
    expect(red.mission.claims).toEqual([]);
  });

  it('goes on while a lead is away, who catches up', async () => {
    await red.stop();
    await blue.send(room, 'Red is away');
    await carla.send(room, 'We go on');
    await blue.sees('both', (one) => one.texts(room).includes('We go on'));
    await red.open();
    await red.sees('what was said', (one) => one.texts(room).includes('We go on'));
    expect(red.texts(room)).toEqual(blue.texts(room));
  });

  it('keeps what is written offline and neither loses nor doubles it', async () => {
    carla.network.cut(true);
    await carla.sees('no link', ({ view }) => view.link.state === 'none');
    await carla.send(room, 'One from the cellar');
    await carla.send(room, 'Two from the cellar');
    const kept = carla.messages(room).filter(({ delivery }) => delivery === 'kept');
    expect(kept.map(({ text }) => text)).toEqual(['One from the cellar', 'Two from the cellar']);
    await blue.send(room, 'Where is Carla?');
    carla.network.cut(false);
    for (const one of [red, blue, carla]) {
      await one.sees('all of it', (seen) => {
        const texts = seen.texts(room);
        return texts.includes('Two from the cellar') && texts.includes('Where is Carla?');
      });
    }
    expect(red.texts(room)).toEqual(carla.texts(room));
    expect(blue.texts(room)).toEqual(carla.texts(room));
    expect(new Set(red.texts(room)).size).toBe(red.texts(room).length);
    await carla.sees('all sent', (one) =>
      one.messages(room).every(({ delivery }) => delivery === 'sent'),
    );
  });

  it('counts what was not read, until it is', async () => {
    const cid = red.conversation(room)?.cid ?? '';
    await red.client.markRead(cid);
    expect(red.conversation(room)?.unread).toBe(0);
    await blue.send(room, 'Read me');
    await red.sees('one unread', (one) => one.conversation(room)?.unread === 1);
    await red.client.markRead(cid);
    expect(red.conversation(room)?.unread).toBe(0);
    await red.restart();
    expect(red.conversation(room)?.unread).toBe(0);
  });

  it('carries replies, edits, reactions and deletions', async () => {
    const cid = red.conversation(room)?.cid ?? '';
    const target = red.messages(room).find(({ text }) => text === 'Read me');
    await red.client.send(cid, 'I did', target?.sid);
    await red.client.react(cid, target?.sid ?? '', '👍');
    await blue.sees('the reaction', (one) =>
      one.messages(room).some(({ reactions }) => reactions[0]?.emoji === '👍'),
    );
    await blue.sees('the reply', (one) =>
      one.messages(room).some(({ reply }) => reply?.text === 'Read me'),
    );
    await red.client.react(cid, target?.sid ?? '', '👍');
    const own = red.messages(room).find(({ text }) => text === 'I did');
    await red.client.edit(cid, own?.sid ?? '', 'I have');
    await blue.sees('the edit', (one) =>
      one.messages(room).some(({ isEdited, text }) => isEdited && text === 'I have'),
    );
    await red.client.erase(cid, own?.sid ?? '');
    await blue.sees('the deletion', (one) => one.messages(room).some(({ isDeleted }) => isDeleted));
    expect(blue.messages(room).every(({ reactions }) => reactions.length === 0)).toBe(true);
  });

  it('opens further rooms with sealed titles, which everybody gets to see', async () => {
    const cid = await blue.client.createConversation('Boats');
    for (const one of [red, carla])
      await one.sees('the room', (seen) => seen.conversation('Boats'));
    await blue.client.rename(cid, 'Boats and lorries');
    await carla.sees('the title', (one) => one.conversation('Boats and lorries'));
    await carla.send('Boats and lorries', 'Two boats here');
    await red.sees('the message', (one) => one.texts('Boats and lorries').length === 1);
  });
});
