import { describe, expect, it } from 'vitest';
import { BoxAway } from '#client/exchange.ts';
import { bytesOf, pair } from '../../../support/client/file-device.ts';
import { until } from '../../../support/until.ts';

const mebibyte = 1_048_576;

describe('a fetch', () => {
  it('begins only when somebody asks for it', async () => {
    const { shelf, sender, receiver } = await pair();
    await sender.sent(bytesOf(1000));
    await receiver.stop();
    await receiver.start();
    expect(shelf.asked.filter((one) => one.startsWith('GET'))).toEqual([]);
    expect(receiver.parts.disk.size).toBe(0);
  });

  it('goes on after a cut and after a restart from the part it had', async () => {
    const { shelf, sender, receiver } = await pair();
    const bytes = bytesOf(5 * mebibyte);
    await sender.sent(bytes);
    let gets = 0;
    shelf.onAsk = ({ method }) => {
      if (method === 'GET' && (gets += 1) > 2) throw new BoxAway();
    };
    await receiver.files.fetch('sid 0');
    await until('two parts', () => gets > 2);
    await receiver.stop();
    shelf.onAsk = () => undefined;
    const before = shelf.asked.length;
    await receiver.start();
    expect(receiver.state()).toBe('fetching');
    await until('here', () => receiver.state() === 'here');
    expect(shelf.asked[before]).toMatch(/^GET bytes=2097664-/);
    expect(await receiver.files.openFile('sid 0')).toEqual(bytes);
  });

  it('can be paused and goes on', async () => {
    const { shelf, sender, receiver } = await pair();
    const bytes = bytesOf(2 * mebibyte);
    await sender.sent(bytes);
    const gate = Promise.withResolvers<void>();
    shelf.onAsk = ({ method }) => (method === 'GET' ? gate.promise : undefined);
    await receiver.files.fetch('sid 0');
    const pausing = receiver.files.pause('sid 0');
    gate.resolve();
    await pausing;
    expect(receiver.state()).toBe('paused');
    expect(await receiver.fetched()).toEqual(bytes);
  });

  it.each([
    [
      'a changed byte',
      (bytes: Uint8Array) => bytes.map((one, at) => (at === 70_000 ? one ^ 1 : one)),
    ],
    ['a short answer', (bytes: Uint8Array) => bytes.slice(0, -1)],
    ['nothing', () => new Uint8Array()],
    ['an endless body', (bytes: Uint8Array) => new Uint8Array(bytes.length * 2)],
    ['other bytes', (bytes: Uint8Array) => bytesOf(bytes.length, 9)],
  ])('destroys everything after %s and says that it is damaged', async (_, bend) => {
    const { shelf, sender, receiver } = await pair();
    const bytes = bytesOf(3 * mebibyte);
    await sender.sent(bytes);
    let answers = 0;
    // The first part is good, so that there is something to destroy.
    shelf.bend = (part) => ((answers += 1) === 1 ? part : bend(part));
    await receiver.files.fetch('sid 0');
    await until('damaged', () => receiver.state() === 'damaged');
    expect(receiver.parts.disk.size).toBe(0);
    await receiver.stop();
    await receiver.start();
    expect(receiver.state()).toBe('damaged');
    await expect(receiver.files.openFile('sid 0')).rejects.toThrow();
    shelf.bend = (part) => part;
    expect(await receiver.fetched()).toEqual(bytes);
  });

  it('believes the offer’s hash of the plaintext, not only the ciphertext’s', async () => {
    const { log, sender, receiver } = await pair();
    await sender.sent(bytesOf(1000));
    const other = { ...log.offer(), sha3sum: '0'.repeat(128) };
    const sid = log.add(other);
    await receiver.files.fetch(sid);
    await until('damaged', () => receiver.files.view(sid, other)?.state === 'damaged');
  });

  it('of a false copy of an offer does no harm to the file that is here', async () => {
    const { log, sender, receiver } = await pair();
    const bytes = bytesOf(1000);
    await sender.sent(bytes);
    await receiver.fetched();
    const sid = log.add({ ...log.offer(), size: 999, name: 'other.bin' });
    expect(receiver.files.view(sid, log.offer(1))?.state).toBe('offered');
    await receiver.files.fetch(sid);
    await until('damaged', () => receiver.files.view(sid, log.offer(1))?.state === 'damaged');
    expect(await receiver.files.openFile('sid 0')).toEqual(bytes);
  });

  it('says that the box has no such file', async () => {
    const { shelf, sender, receiver } = await pair();
    await sender.sent(bytesOf(1000));
    shelf.files.clear();
    await receiver.files.fetch('sid 0');
    await until('said', () => receiver.problems.includes('FILE_GONE'));
    expect(receiver.state()).toBe('paused');
  });

  it('has no view for an offer of another form', async () => {
    const { receiver } = await pair();
    for (const offer of [undefined, {}, { name: 'a' }, [], 7]) {
      expect(receiver.files.view('sid', offer)).toBeUndefined();
    }
  });
});
