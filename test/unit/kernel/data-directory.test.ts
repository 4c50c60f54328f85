import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultDataDirectory, openDataDirectory } from '#kernel/data-directory.ts';
import { makeDirectoryDurably, removeDurably, writeDurably } from '#kernel/durable-file.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-data-'));
});
afterEach(() => rm(directory, { recursive: true }));

describe('the data directory', () => {
  test('is closed to other users', async () => {
    const data = await openDataDirectory(join(directory, 'state', 'parley'));
    expect((await stat(data.root)).mode & 0o777).toBe(0o700);
    await data.release();
  });

  test('serves one box at a time and names the process that has it', async () => {
    const data = await openDataDirectory(directory);
    await expect(openDataDirectory(directory)).rejects.toMatchObject({
      exitCode: 1,
      sentence: expect.stringContaining(`process ${process.pid}`) as string,
    });
    await data.release();
    await (await openDataDirectory(directory)).release();
  });

  test('is taken over from a process that was killed', async () => {
    const module = new URL('../../../appliance/kernel/data-directory.ts', import.meta.url).href;
    const script = join(directory, 'holder.mjs');
    await writeFile(
      script,
      `import { openDataDirectory } from ${JSON.stringify(module)};
       await openDataDirectory(process.argv[2]);
       process.send('held');
       setInterval(() => {}, 1000);`,
    );
    const root = join(directory, 'held');
    const holder = fork(script, [root], { execArgv: [] });
    await once(holder, 'message');
    await expect(openDataDirectory(root)).rejects.toThrow(`process ${holder.pid}`);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const data = await openDataDirectory(root);
    await data.release();
    expect(await readdir(root)).toEqual([]);
  });

  test.each(['', 'rubbish', '999999999 1 x', '0', '-1 5'])(
    'is not kept closed by a lock file that says %j',
    async (text) => {
      await writeFile(join(directory, 'lock'), text);
      await (await openDataDirectory(directory)).release();
    },
  );

  test('is not kept closed by a lock whose process number was given to another program', async () => {
    await writeFile(join(directory, 'lock'), `${process.pid} 1 0123456789abcdef\n`);
    await (await openDataDirectory(directory)).release();
  });

  test('goes to exactly one of many that start at once over a dead lock', async () => {
    await writeFile(join(directory, 'lock'), '999999999 1 x');
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => openDataDirectory(directory)),
    );
    const won = tries.filter((one) => one.status === 'fulfilled');
    expect(won).toHaveLength(1);
    // The next test's directory may be given the same inode, and so the same name to lock.
    await won[0]?.value.release();
  });

  test.each(['/proc/parley', '/dev/null/parley', '/dev/null'])(
    'cannot be %s, and the reason is one sentence',
    async (path) => {
      await expect(openDataDirectory(path)).rejects.toMatchObject({
        sentence: expect.stringMatching(
          /^The data directory .* cannot be used: .*--data DIR\.$/,
        ) as string,
      });
    },
  );

  test('is not a directory with other things in it, which stays open to others', async () => {
    await chmod(directory, 0o755);
    await writeFile(join(directory, 'holiday.txt'), '');
    await expect(openDataDirectory(directory)).rejects.toThrow('it holds other things');
    expect((await stat(directory)).mode & 0o777).toBe(0o755);
    expect(await readdir(directory)).toEqual(['holiday.txt']);
  });

  test('may be a fresh disk, one of a box killed early, or one of a box beside other files', async () => {
    await mkdir(join(directory, 'lost+found'));
    await (await openDataDirectory(directory)).release();
    await mkdir(join(directory, 'box'));
    await (await openDataDirectory(directory)).release();
    await writeFile(join(directory, 'box', 'box-key.pem'), '');
    await writeFile(join(directory, 'config.json'), '{}');
    await (await openDataDirectory(directory)).release();
  });

  test('lies where the desktop specification says, unless that is no absolute path', () => {
    expect(defaultDataDirectory('/var/state', '/home/a')).toBe('/var/state/parley');
    expect(defaultDataDirectory('state', '/home/a')).toBe('/home/a/.local/state/parley');
    expect(defaultDataDirectory(undefined, '/home/a')).toBe('/home/a/.local/state/parley');
  });
});

describe('a durable file', () => {
  test('replaces the old bytes, is private and leaves no temporary file', async () => {
    const path = join(directory, 'key');
    await writeDurably(path, Buffer.from('old'));
    await writeDurably(path, Buffer.from('new'));
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['key']);
  });

  test('leaves nothing behind when it cannot be written', async () => {
    await makeDirectoryDurably(join(directory, 'taken', 'by', 'others'));
    await expect(writeDurably(join(directory, 'taken'), Buffer.from('x'))).rejects.toThrow();
    expect(await readdir(directory)).toEqual(['taken']);
  });

  test('may lie in a directory that several tasks make at once', async () => {
    const made = Array.from({ length: 50 }, (_, i) =>
      makeDirectoryDurably(join(directory, 'a', 'b', 'c', `${i % 5}`)),
    );
    await Promise.all(made);
    expect((await readdir(join(directory, 'a', 'b', 'c'))).sort()).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
    ]);
  });

  test('can be removed twice', async () => {
    const path = join(directory, 'key');
    await writeDurably(path, Buffer.from('x'));
    await removeDurably(path);
    await removeDurably(path);
    expect(await readdir(directory)).toEqual([]);
  });
});
