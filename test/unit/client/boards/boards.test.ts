import { describe, expect, it } from 'vitest';
import {
  BoardDevice,
  BoardTable,
  HandClock,
  cid,
  element,
} from '../../../support/client/board-room.ts';

function table() {
  const clock = new HandClock();
  const shared = new BoardTable();
  const [ann, ben] = ['ann', 'ben'].map((name) => new BoardDevice(shared, clock, name)) as [
    BoardDevice,
    BoardDevice,
  ];
  for (const one of [ann, ben]) one.boards.open(cid);
  return { ann, ben, clock, shared };
}

describe('drawing together', () => {
  it('shows a stroke to the other at once and keeps it with the next tick', async () => {
    const { ann, ben, clock, shared } = table();
    await ann.boards.draw(ann.id, [element()]);
    expect(ben.shown).toEqual({ one: 1 });
    expect(ann.view?.saved).toBe('kept');
    expect(shared.history).toEqual([]);
    await clock.pass(2100);
    expect(shared.history).toHaveLength(1);
    expect(ann.view?.saved).toBe('sent');
  });

  it('puts everything of a tick into one batch, each element once', async () => {
    const { ann, clock, shared } = table();
    for (let version = 1; version <= 50; version += 1) {
      await ann.boards.draw(ann.id, [element({ version })]);
    }
    await ann.boards.draw(ann.id, [element({ id: 'two' })]);
    await clock.pass(2100);
    expect(shared.history).toHaveLength(1);
    expect(shared.history[0]?.ops).toHaveLength(2);
    await clock.pass(10_000);
    expect(shared.history).toHaveLength(1);
  });

  it('splits what is too much for one message', async () => {
    const { ann, ben, clock, shared } = table();
    const points = Array.from({ length: 1200 }, (_, at) => [at, at]);
    const strokes = [1, 2, 3, 4, 5].map((id) =>
      element({ id: String(id), type: 'freedraw', points }),
    );
    await ann.boards.draw(ann.id, strokes);
    await ann.boards.close(ann.id);
    expect(shared.history.length).toBeGreaterThan(1);
    for (const { ops } of shared.history) {
      expect(JSON.stringify(ops).length).toBeLessThan(40_000);
    }
    await clock.pass(4000);
    expect(Object.keys(ben.shown)).toHaveLength(5);
  });

  it('sends no more signals than a weak link carries, and the last state for sure', async () => {
    const { ann, ben, clock, shared } = table();
    for (let version = 1; version <= 100; version += 1) {
      await ann.boards.draw(ann.id, [element({ version })]);
      await clock.pass(20);
    }
    await clock.pass(200);
    expect(shared.signals.length).toBeLessThan(30);
    expect(ben.shown).toEqual({ one: 100 });
  });

  it('brings nothing back to where it came from', async () => {
    const { ann, ben, clock, shared } = table();
    await ann.boards.draw(ann.id, [element()]);
    await clock.pass(2100);
    // As a screen does that reports everything it shows, perhaps in other words.
    await ben.boards.draw(ben.id, [element({ roughness: 1 })]);
    await clock.pass(2100);
    expect(shared.history).toHaveLength(1);
    expect(shared.signals).toHaveLength(1);
  });

  it('merges what two drew apart, offline, into one picture', async () => {
    const { ann, ben, clock } = table();
    await ann.boards.draw(ann.id, [element()]);
    await clock.pass(2100);
    for (const one of [ann, ben]) one.link(false);
    await ann.boards.draw(ann.id, [
      element({ version: 2, versionNonce: 9, x: 1 }),
      element({ id: 'a' }),
    ]);
    await ben.boards.draw(ben.id, [
      element({ version: 2, versionNonce: 3, x: 2 }),
      element({ id: 'b' }),
    ]);
    await clock.pass(2100);
    expect(ann.view?.saved).toBe('kept');
    expect(ann.shown).not.toHaveProperty('b');
    for (const one of [ann, ben]) one.link(true);
    expect(ann.view?.elements).toEqual(ben.view?.elements);
    expect(Object.keys(ann.shown).toSorted()).toEqual(['a', 'b', 'one']);
    expect(ann.view?.elements.some((text) => text.includes('"x":2'))).toBe(true);
    expect(ann.view?.saved).toBe('sent');
  });

  it('is all there for a device that comes late', async () => {
    const { ann, clock, shared } = table();
    await ann.boards.draw(ann.id, [element(), element({ id: 'two' })]);
    await clock.pass(2100);
    const late = new BoardDevice(shared, clock, 'late');
    late.sync();
    late.boards.open(cid);
    expect(late.shown).toEqual({ one: 1, two: 1 });
  });

  it('loses nothing when the page dies between two batches', async () => {
    const { ann, clock, shared } = table();
    await ann.boards.draw(ann.id, [element({ id: 'old' })]);
    await clock.pass(2100);
    await ann.boards.draw(ann.id, [element(), element({ id: 'two' })]);
    const next = new BoardDevice(shared, clock, 'next', ann.vault);
    next.sync();
    await next.boards.recover();
    expect(shared.history.flatMap(({ ops }) => ops)).toHaveLength(3);
    next.boards.open(cid);
    expect(Object.keys(next.shown).toSorted()).toEqual(['old', 'one', 'two']);
    expect(await ann.vault.list('board/')).toEqual([]);
  });

  it('is kept at once when the page goes', async () => {
    const { ann, shared } = table();
    await ann.boards.draw(ann.id, [element()]);
    await ann.boards.keepAll();
    expect(shared.history).toHaveLength(1);
  });

  it('stays on the screen when it cannot be kept, and is tried again', async () => {
    const { ann, clock, shared } = table();
    ann.canWrite = false;
    await ann.boards.draw(ann.id, [element()]);
    await clock.pass(4100);
    await expect(ann.boards.close(ann.id)).rejects.toThrow('read only');
    expect(ann.shown).toEqual({ one: 1 });
    ann.canWrite = true;
    await clock.pass(2100);
    expect(shared.history).toHaveLength(1);
  });

  it('refuses what cannot be drawn in words, and takes the rest', async () => {
    const { ann, ben } = table();
    const image = element({ id: 'two', type: 'image' });
    await expect(ann.boards.draw(ann.id, [image, element()])).rejects.toThrow(
      /cannot be put on the board/,
    );
    expect(ben.shown).toEqual({ one: 1 });
  });

  it('stays open for a screen that opens it again before the last one has closed it', async () => {
    const { ann } = table();
    const closing = ann.boards.close(ann.id);
    ann.boards.open(cid);
    await closing;
    expect(ann.view).toBeDefined();
    await ann.boards.close(ann.id);
    expect(ann.view).toBeUndefined();
  });

  it('shows the same view until something changed', async () => {
    const { ann, ben } = table();
    const before = ben.view;
    expect(ben.view).toBe(before);
    await ann.boards.draw(ann.id, [element()]);
    expect(ben.view).not.toBe(before);
  });
});

describe('pointers', () => {
  it('are shown where others point, and go when they stand still', async () => {
    const { ann, ben, clock } = table();
    ann.boards.point(ann.id, -12.4, 700);
    expect(ben.view?.pointers).toEqual([{ device: 'ann', name: 'ann', slot: 0, x: -12, y: 700 }]);
    await clock.pass(13_000);
    expect(ben.view?.pointers).toEqual([]);
  });

  it('are told at most ten times a second, the last place for sure', async () => {
    const { ann, ben, clock, shared } = table();
    for (let x = 0; x < 100; x += 1) {
      ann.boards.point(ann.id, x, 0);
      await clock.pass(20);
    }
    await clock.pass(200);
    expect(shared.signals.length).toBeLessThan(23);
    expect(ben.view?.pointers[0]?.x).toBe(99);
  });

  it('and live strokes of a removed device are gone at once', async () => {
    const { ann, ben } = table();
    ann.boards.point(ann.id, 1, 1);
    await ann.boards.draw(ann.id, [element()]);
    expect(ben.shown).toEqual({ one: 1 });
    ben.removed.add('ann');
    ann.boards.point(ann.id, 2, 2);
    await ben.boards.draw(ben.id, [element({ id: 'mine' })]);
    expect(ben.view?.pointers).toEqual([]);
    expect(ben.shown).toEqual({ mine: 1 });
  });
});

describe('a member who floods the board', () => {
  it('fills the others’ memory only so far', () => {
    const { ben } = table();
    for (let at = 0; at < 5000; at += 1) {
      ben.boards.hear({ cid, from: 'ann', b: { board: ben.id, e: [element({ id: `e${at}` })] } });
    }
    expect(Object.keys(ben.shown)).toHaveLength(2000);
  });

  it('draws nothing with what is no element, nor on another board', () => {
    const { ben } = table();
    ben.boards.hear({ cid, from: 'ann', b: { board: ben.id, e: ['{', 'null', '{"id":"x"}'] } });
    ben.boards.hear({ cid, from: 'ann', b: { board: 'other', e: [element()] } });
    ben.boards.hear({ cid: 'elsewhere', from: 'ann', b: { board: ben.id, e: [element()] } });
    expect(ben.shown).toEqual({});
  });
});
