import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Places on one particular machine; a name of one or two letters is an example's. Put together here, so that this file has none. */
const machinePlaces = [
  ...['work', 'tmp', 'root'].map((folder) => `/${folder}/[\\w.-]+`),
  ...['home', 'Users'].map((folder) => `/${folder}/[\\w.-]{3,}/[\\w.-]+`),
];
const machinePath = new RegExp(`(?:^|[\\s"'\`(=:])(?:${machinePlaces.join('|')})`, 'm');

interface LockedPackage {
  integrity?: string;
  os?: string[];
  optionalDependencies?: Record<string, string>;
}
const { packages } = JSON.parse(read('package-lock.json')) as {
  packages: Record<string, LockedPackage>;
};

/** Lines of a lock file that bind it to one registry. */
function registryTraces(lock: string): string[] {
  return lock.split('\n').filter((line) => /"resolved"|registry|https?:.*\.tgz/.test(line));
}

describe('what is committed', () => {
  it('names no folder of the machine it was written on', () => {
    const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
    const files = listed
      .split('\0')
      .filter((path) => path !== '' && !/\.(png|woff2|ico)$/.test(path));
    expect(files.length).toBeGreaterThan(50);
    const found = files.flatMap((path) => {
      const hit = machinePath.exec(read(path))?.[0].trim();
      return hit === undefined ? [] : [`${path}: ${hit}`];
    });
    expect(found).toEqual([]);
  });

  it('does not bind the lock file to a registry', () => {
    expect(registryTraces(read('package-lock.json'))).toEqual([]);
  });

  it('locks every package by a hash, or so that it is never installed', () => {
    const entries = Object.entries(packages).filter(([place]) => place !== '');
    const open = entries.filter(([, { integrity, os }]) => !integrity && os?.join() !== 'none');
    expect(entries.length).toBeGreaterThan(100);
    expect(open).toEqual([]);
  });

  it('locks every optional package; "npm run lock" does it', () => {
    const names = new Set(Object.keys(packages).map((place) => place.split('node_modules/').pop()));
    const wanted = Object.values(packages).flatMap(({ optionalDependencies }) =>
      Object.keys(optionalDependencies ?? {}),
    );
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('the search for machine paths and registries', () => {
  it.each(['work', 'tmp', 'root', 'home'])('finds a path below %s', (folder) => {
    expect(machinePath.test(`see "/${folder}/someone/file.ts"`)).toBe(true);
  });

  it('finds a resolved field', () => {
    expect(registryTraces('      "resolved": "x",')).toHaveLength(1);
  });

  it('lets other absolute paths be', () => {
    expect(machinePath.test("'/usr/bin/node' and https://host/working/tmp/x")).toBe(false);
  });
});
