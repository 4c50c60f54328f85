import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configRows, configText, readConfig } from '#kernel/config-file.ts';
import { boxConfig } from '../../../appliance/config.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-config-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function reading(text: string): Promise<unknown> {
  const path = join(directory, 'config.json');
  await writeFile(path, text);
  return readConfig(path, boxConfig);
}

describe('the config file', () => {
  test('may be absent: then everything has its default', async () => {
    const config = await readConfig(undefined, boxConfig);
    expect(config).toMatchObject({ listen: 'lan', gateway: { httpsPort: 8443, enabled: true } });
  });

  test('changes single keys and keeps the other defaults', async () => {
    expect(await reading('{"gateway":{"httpsPort":443}}')).toMatchObject({
      gateway: { httpsPort: 443, httpPort: 8080 },
    });
  });

  test.each([
    ['an unknown key', '{"gateway":{"prot":1}}', '"gateway.prot" is not a known key'],
    ['an unknown section', '{"mail":{}}', '"mail" is not a known key'],
    ['a value outside its range', '{"gateway":{"httpsPort":70000}}', '"gateway.httpsPort"'],
    ['a text where a number belongs', '{"gateway":{"httpPort":"80"}}', '"gateway.httpPort"'],
    ['something that is not JSON', '{', 'is not JSON'],
    ['an empty file', '', 'is not JSON'],
    ['a list where keys belong', '[]', 'the whole file: '],
    ['a hundred thousand lists in each other', '['.repeat(100_000), 'is not JSON'],
    ['the name of every object’s ancestor', '{"__proto__":{}}', '"__proto__" is not a known key'],
    ['more than a config file can be', ' '.repeat(1_048_577), 'larger than 1 MiB'],
  ])('refuses %s and says where', async (_what, text, sentence) => {
    await expect(reading(text)).rejects.toMatchObject({
      exitCode: 2,
      sentence: expect.stringContaining(sentence) as string,
    });
  });

  test('refuses a file that does not exist', async () => {
    await expect(readConfig(join(directory, 'none'), boxConfig)).rejects.toMatchObject({
      sentence: expect.stringContaining('does not exist') as string,
    });
  });

  test.each(['/dev/zero', tmpdir()])('refuses %s, which is no file', async (path) => {
    await expect(readConfig(path, boxConfig)).rejects.toMatchObject({ exitCode: 2 });
  });

  test('may begin with the mark of editors on Windows, but must be UTF-8', async () => {
    expect(await reading('\uFEFF{"listen":"loopback"}')).toMatchObject({ listen: 'loopback' });
    const path = join(directory, 'config.json');
    await writeFile(path, '\uFEFF{}', 'utf16le');
    await expect(readConfig(path, boxConfig)).rejects.toThrow('is not text in UTF-8.');
  });

  test('has a sentence and a default for every key', async () => {
    const rows = configRows(boxConfig, await readConfig(undefined, boxConfig));
    expect(rows.length).toBeGreaterThan(40);
    for (const row of rows) {
      expect(row.description, row.key).not.toBe('');
      expect(row.defaultValue, row.key).not.toBe('not set');
      expect(row.value, row.key).toBe(row.defaultValue);
    }
  });

  test('is printed with what is set and what would be the default', async () => {
    const config = await reading('{"gateway":{"httpsPort":443}}');
    const text = configText(configRows(boxConfig, config));
    expect(text).toContain('gateway.httpsPort = 443  (default 8443)');
    expect(text).toContain('gateway.httpPort = 8080  (default)');
  });
});
