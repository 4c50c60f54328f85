import { describe, expect, it } from 'vitest';
import { BoxAway, BoxRefusal } from '#client/exchange.ts';
import { bytesOf, cid, pair } from '../../../support/client/file-device.ts';
import { until } from '../../../support/until.ts';

const mebibyte = 1_048_576;

describe('an upload', () => {
  it('goes on after a crash from where the box is, without the chosen file', async () => {
    const { log, shelf, sender } = await pair();
    const bytes = bytesOf(5 * mebibyte);
    let puts = 0;
    shelf.onAsk = ({ method }) => {
      if (method === 'PUT' && (puts += 1) > 2) throw new BoxAway();
    };
    await sender.send(bytes);
    await until('two parts', () => puts > 2);
    await sender.stop();
    shelf.onAsk = () => undefined;
    const before = shelf.asked.length;
    await sender.start();
    await until('sent', () => log.lines.length === 1);
    const again = shelf.asked.slice(before).filter((one) => one.startsWith('PUT'));
    expect(again[0]).toMatch(/^PUT bytes 2097664-/);
    expect(again).toHaveLength(3);
  });

  it('goes on in the middle of a part if that is where the box is', async () => {
    const { log, shelf, sender, receiver } = await pair();
    const bytes = bytesOf(3 * mebibyte);
    let isCut = false;
    shelf.onAsk = ({ method }) => {
      const file = [...shelf.files.values()][0];
      if (method !== 'PUT' || !file || isCut) return;
      isCut = true;
      // A power cut left the box with less than it had said, and nearly a whole part.
      file.bytes = file.bytes.slice(0, 1_048_800);
      throw new BoxAway();
    };
    await sender.send(bytes);
    await until('sent', () => log.lines.length === 1);
    expect(await receiver.fetched()).toEqual(bytes);
  });

  it('waits while paused, and goes on when asked to', async () => {
    const { log, shelf, sender } = await pair();
    const gate = Promise.withResolvers<void>();
    shelf.onAsk = async ({ method }) => {
      if (method === 'PUT') await gate.promise;
    };
    await sender.send(bytesOf(2 * mebibyte));
    const key = sender.files.outgoing(cid)[0]?.file.sid ?? '';
    const pausing = sender.files.pause(key);
    gate.resolve();
    await pausing;
    expect(sender.files.outgoing(cid)[0]?.file.state).toBe('paused');
    await sender.stop();
    await sender.start();
    expect(sender.files.outgoing(cid)[0]?.file.state).toBe('paused');
    await sender.files.fetch(key);
    await until('sent', () => log.lines.length === 1);
  });

  it('leaves nothing when it is cancelled', async () => {
    const { log, shelf, sender } = await pair();
    shelf.onAsk = () => {
      throw new BoxAway();
    };
    await sender.send(bytesOf(mebibyte));
    await sender.files.remove(sender.files.outgoing(cid)[0]?.file.sid ?? '');
    expect(sender.files.outgoing(cid)).toEqual([]);
    expect(sender.parts.disk.size).toBe(0);
    expect(sender.storage.image().records.size).toBe(0);
    expect(log.lines).toEqual([]);
  });

  it('pauses and says so when the party has used its share', async () => {
    const { shelf, sender } = await pair();
    shelf.onAsk = ({ method }) => {
      if (method === 'PUT') throw new BoxRefusal(429, 'FILES_SHARE_USED');
    };
    await sender.send(bytesOf(1000));
    await until('said', () => sender.problems.includes('FILE_SHARE_USED'));
    expect(sender.files.outgoing(cid)[0]?.file.state).toBe('paused');
  });

  it('ends with a box that refuses for ever, however much it lets in before', async () => {
    const { shelf, sender } = await pair();
    shelf.onAsk = ({ method, headers }) => {
      const isLast = /-(\d+)\/(\d+)$/.exec(headers?.['content-range'] ?? '');
      if (method !== 'PUT' || Number(isLast?.[1]) + 1 !== Number(isLast?.[2])) return;
      shelf.files.clear();
      throw new BoxRefusal(409, 'FILES_HASH_WRONG');
    };
    await sender.send(bytesOf(3 * mebibyte));
    await until('said', () => sender.problems.length > 0);
    expect(sender.files.outgoing(cid)[0]?.file.state).toBe('paused');
  });

  it('is refused at once when the file cannot be read, and keeps nothing', async () => {
    const { sender } = await pair();
    const read = () => Promise.reject(new Error('gone'));
    const sending = sender.files.send(cid, { name: 'a', sizeBytes: 10, read });
    await expect(sending).rejects.toMatchObject({ problem: { code: 'FILE_UNREADABLE' } });
    expect(sender.parts.disk.size).toBe(0);
  });

  it('keeps nothing of a file that does not fit on this device', async () => {
    const { sender } = await pair();
    sender.parts.isFull = true;
    await expect(sender.send(bytesOf(10))).rejects.toThrow('the disk is full');
    expect(sender.files.outgoing(cid)).toEqual([]);
  });

  it('of parts without a record, left by a crash while sealing, is swept away', async () => {
    const { sender } = await pair();
    await sender.parts.write('orphan', 0, bytesOf(10));
    await sender.stop();
    await sender.start();
    expect(sender.parts.disk.size).toBe(0);
  });
});
