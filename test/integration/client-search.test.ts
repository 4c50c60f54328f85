import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BoxProcess } from '../support/box-process.ts';
import { foundMission, type NodeClient } from '../support/node-client.ts';

const room = 'All parties';
let box: BoxProcess;
let red: NodeClient;
let blue: NodeClient;

beforeAll(async () => {
  box = await BoxProcess.start();
  ({ red, blue } = await foundMission(await box.origin()));
}, 60_000);

afterAll(async () => {
  await red.stop();
  await blue.stop();
  await box.remove();
});

/** Texts that a device finds, the newest first, and how many it says there are. */
function found(one: NodeClient, text: string): { texts: string[]; count: number } {
  const { hits, count } = one.client.search({ text, limit: 50 });
  return { texts: hits.map(({ message }) => message.text), count };
}

describe('what a device of the mission finds', { timeout: 30_000 }, () => {
  it('is what others wrote, in their scripts, and files by their names', async () => {
    const cid = red.conversation(room)?.cid ?? '';
    await red.send(room, 'الـمَـاءُ يصل غدًا');
    await red.send(room, 'Міст біля Ґанківки відкрито');
    const read = (from: number, to: number) => Promise.resolve(new Uint8Array(to - from));
    await red.client.sendFile(cid, { name: 'Brücke.jpg', sizeBytes: 10, read });
    await blue.sees('the file', (one) =>
      one.messages(room).some(({ kind, file }) => kind === 'file' && file?.state === 'offered'),
    );
    expect(found(blue, 'الماء غدا')).toEqual({ texts: ['الـمَـاءُ يصل غدًا'], count: 1 });
    expect(found(blue, 'ВІДКРИТО міст ганківки').count).toBe(1);
    expect(found(blue, 'brucke').texts).toEqual(['Brücke.jpg']);
    const [hit] = blue.client.search({ text: 'brucke', limit: 1 }).hits;
    expect(hit).toMatchObject({ cid, title: room });
  });

  it('is what stands there now: nothing of before an edit, nothing erased, none of it counted', async () => {
    const cid = red.conversation(room)?.cid ?? '';
    await red.send(room, 'Meet at the harbour');
    await red.send(room, 'A secret harbour');
    const sidOf = (text: string) =>
      red.messages(room).find((message) => message.text === text)?.sid ?? '';
    await blue.sees('both', (one) => found(one, 'harbour').count === 2);
    await red.client.edit(cid, sidOf('Meet at the harbour'), 'Meet at the school');
    await red.client.erase(cid, sidOf('A secret harbour'));
    await blue.sees('the changes', (one) => found(one, 'school').count === 1);
    await blue.sees('no harbour', (one) => found(one, 'harbour').count === 0);
    expect(found(red, 'harbour').count).toBe(0);
  });

  it('is people by name, and nothing without a mission', async () => {
    expect(blue.client.search({ text: 'rosa', limit: 1 }).people).toMatchObject([
      { name: 'Rosa', slot: 0 },
    ]);
    await blue.client.stop();
    expect(blue.client.search({ text: '', limit: 1 })).toEqual({ hits: [], people: [], count: 0 });
  });
});
