import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitObject } from '#protocol/pack/object.ts';
import { StateDirectory } from '../../../../appliance/terminal/state/state-directory.ts';
import { wordsBelow } from '../../../support/canary.ts';

let root: string;
let open: StateDirectory[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parley-state-'));
  open = [];
});
afterEach(async () => {
  for (const one of open) await one.release();
  await rm(root, { recursive: true, force: true });
});

async function opened(passphrase = 'open sesame', folder = root): Promise<StateDirectory> {
  const state = await StateDirectory.open(folder, () => Promise.resolve(passphrase));
  open.push(state);
  return state;
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

describe('a state directory', () => {
  it('keeps records, keys, commits and parts over an end', async () => {
    const first = await opened();
    const secret = await first.keys.wrap(bytes('canary in a record'));
    const device = await first.keys.device(true);
    await first.records.write([
      { key: 'a/1', value: secret },
      { key: 'a/2', value: bytes('gone') },
    ]);
    await first.records.write([{ key: 'a/2' }]);
    const repository = await first.repository('some cid');
    const object = gitObject('blob', bytes('canary in a blob'));
    await repository.write([object]);
    await repository.moveRef('refs/swarm/dev/one', object.oid);
    await repository.flush();
    await first.parts.write('name', 0, bytes('part'));
    await first.release();

    const second = await opened();
    expect(await second.records.list('a/')).toEqual([{ key: 'a/1', value: secret }]);
    expect(await second.keys.unwrap(secret)).toEqual(bytes('canary in a record'));
    const again = await second.keys.device(false);
    expect(again?.signer.publicKey).toEqual(device?.signer.publicKey);
    expect(again?.agreement.publicKey).toEqual(device?.agreement.publicKey);
    const kept = await second.repository('some cid');
    expect(await kept.read(object.oid)).toEqual(object);
    expect(await kept.refs()).toEqual(new Map([['refs/swarm/dev/one', object.oid]]));
    expect(await second.parts.count('name')).toBe(1);
    const words = ['canary', 'refs/swarm', 'some cid', 'open sesame'];
    expect(wordsBelow(root, words)).toEqual([]);
  });

  it('forgets what was not flushed, refs with their objects', async () => {
    const first = await opened();
    const repository = await first.repository('cid');
    const object = gitObject('blob', bytes('x'));
    await repository.write([object]);
    await repository.moveRef('refs/swarm/dev/one', object.oid);
    expect(await repository.read(object.oid)).toEqual(object);
    const flushed = gitObject('blob', bytes('y'));
    const other = await first.repository('other');
    await other.write([flushed]);
    await other.flush();
    // What lies on the disk in this moment, for somebody who comes after a power cut.
    const copy = await mkdtemp(join(tmpdir(), 'parley-state-'));
    await cp(root, copy, { recursive: true });
    await rm(join(copy, 'lock'));
    const second = await opened('open sesame', copy);
    const kept = await second.repository('cid');
    expect(await kept.read(object.oid)).toBeUndefined();
    expect((await kept.refs()).size).toBe(0);
    expect(await (await second.repository('other')).read(flushed.oid)).toEqual(flushed);
    await second.release();
    await rm(copy, { recursive: true });
  });

  it('stays small however often a record changes', async () => {
    const state = await opened();
    for (let n = 0; n < 60; n += 1) {
      await state.records.write([{ key: 'same', value: new Uint8Array(100_000).fill(n) }]);
    }
    expect((await stat(join(root, 'records'))).size).toBeLessThan(3_000_000);
    await state.release();
    expect((await (await opened()).records.get('same'))?.[0]).toBe(59);
  });

  it('is for its owner only', async () => {
    const state = await opened();
    await state.keys.device(true);
    expect((await stat(root)).mode & 0o777).toBe(0o700);
    for (const name of ['archive', 'keys', 'records']) {
      expect((await stat(join(root, name))).mode & 0o777).toBe(0o600);
    }
  });

  it('is not opened by another passphrase, nor twice', async () => {
    await opened();
    await expect(opened()).rejects.toThrow(`Another Parley client (process ${process.pid})`);
    await open.pop()?.release();
    await expect(opened('open barley')).rejects.toThrow('does not open the state directory');
    await opened();
  });

  it.each(['', 'no json', '{"v":1}', '{"v":9,"salt":"","root":""}'])(
    'says that its archive is damaged: %j',
    async (text) => {
      await (await opened()).release();
      await writeFile(join(root, 'archive'), text);
      await expect(opened()).rejects.toThrow('The archive of the state directory is damaged.');
    },
  );

  it('makes a new device after the old one was forgotten', async () => {
    const state = await opened();
    const old = await state.keys.device(true);
    const wrapped = await state.keys.wrap(bytes('x'));
    await state.keys.forget();
    expect(await state.keys.device(false)).toBeUndefined();
    expect(await state.keys.unwrap(wrapped)).toBeUndefined();
    expect((await state.keys.device(true))?.signer.publicKey).not.toEqual(old?.signer.publicKey);
  });

  it('leaves nothing when it is destroyed', async () => {
    const state = await opened();
    await state.keys.device(true);
    await state.release();
    await state.destroy();
    await expect(readdir(root)).rejects.toThrow('ENOENT');
  });

  it('takes no path for the name of a file', async () => {
    const { parts } = await opened();
    await expect(parts.write('../archive', 0, bytes('x'))).rejects.toThrow('not the name');
    expect((await readFile(join(root, 'archive'))).length).toBeGreaterThan(10);
  });
});
