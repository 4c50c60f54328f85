import { describe, expect, it } from 'vitest';
import { BoxAway } from '#client/exchange.ts';
import { bytesOf, cid, pair } from '../../../support/client/file-device.ts';
import { until } from '../../../support/until.ts';

const mebibyte = 1_048_576;

describe('a file', () => {
  it.each([0, 1, 1000, 65_536, 65_537, 3 * mebibyte + 5])(
    'of %i bytes reaches the other device as it was',
    async (size) => {
      const { log, sender, receiver } = await pair();
      const bytes = bytesOf(size);
      await sender.sent(bytes);
      expect(log.offer()).toMatchObject({ name: 'map.bin', size });
      expect(receiver.state()).toBe('offered');
      expect(await receiver.fetched()).toEqual(bytes);
      expect(sender.state()).toBe('here');
      expect(await sender.files.openFile('sid 0')).toEqual(bytes);
    },
  );

  it('is a message only when the box has all of it', async () => {
    const { log, shelf, sender } = await pair();
    shelf.onAsk = ({ method }) => {
      if (method === 'PUT') throw new BoxAway();
    };
    await sender.send(bytesOf(mebibyte));
    await until('three attempts', () => shelf.asked.length > 6);
    expect(log.lines).toEqual([]);
    expect(sender.files.outgoing(cid)).toMatchObject([{ file: { state: 'uploading' } }]);
    shelf.onAsk = () => undefined;
    sender.files.wake();
    await until('sent', () => log.lines.length === 1);
    expect(sender.files.outgoing(cid)).toEqual([]);
  });

  it('lies on no disk in clear, neither its bytes nor its name', async () => {
    const { shelf, sender, receiver } = await pair();
    const words = 'Quillhollow needs forty blankets. '.repeat(4000);
    await sender.sent(new TextEncoder().encode(words));
    await receiver.fetched();
    const disks = [sender, receiver].flatMap(({ parts }) => [...parts.disk.values()]);
    const records = [sender, receiver].map(({ storage }) => [...storage.image().records.values()]);
    const kept = [...disks.flatMap((one) => [...one.values()]), ...records.flat()];
    const seen = [...shelf.files.values()].map(({ bytes }) => bytes);
    for (const bytes of [...kept, ...seen]) {
      expect(Buffer.from(bytes).includes('Quillhollow')).toBe(false);
      expect(Buffer.from(bytes).includes('map.bin')).toBe(false);
    }
  });

  it('keeps a name that a message can carry, and its ending', async () => {
    const { log, sender } = await pair();
    await sender.send(bytesOf(10), `${'ж'.repeat(300)}.pdf`);
    await until('sent', () => log.lines.length > 0);
    expect(new TextEncoder().encode(log.offer().name).length).toBeLessThanOrEqual(256);
    expect(log.offer().name).toMatch(/ж\.pdf$/);
  });
});

describe('a file that is here', () => {
  it('is given up when its parts were changed on the disk, and can be fetched again', async () => {
    const { sender, receiver } = await pair();
    const bytes = bytesOf(2 * mebibyte);
    await sender.sent(bytes);
    await receiver.fetched();
    const part = [...receiver.parts.disk.values()][0]?.get(1);
    part?.set([(part[7] ?? 0) ^ 1], 7);
    const opening = receiver.files.openFile('sid 0');
    await expect(opening).rejects.toMatchObject({ problem: { code: 'FILE_DAMAGED' } });
    expect(receiver.state()).toBe('offered');
    expect(await receiver.fetched()).toEqual(bytes);
  });

  it('goes with its message', async () => {
    const { log, sender, receiver } = await pair();
    await sender.sent(bytesOf(1000));
    await receiver.fetched();
    const [line] = log.lines;
    if (line) line.isDeleted = true;
    await receiver.files.tend();
    expect(receiver.parts.disk.size).toBe(0);
    await expect(receiver.files.fetch('sid 0')).rejects.toMatchObject({
      problem: { code: 'MESSAGE_GONE' },
    });
  });

  it('can be freed, and is offered again', async () => {
    const { sender, receiver } = await pair();
    await sender.sent(bytesOf(1000));
    await receiver.fetched();
    await receiver.files.remove('sid 0');
    expect(receiver.state()).toBe('offered');
    expect(receiver.parts.disk.size).toBe(0);
  });
});
