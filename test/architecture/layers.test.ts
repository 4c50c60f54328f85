import { globSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readImports } from './import-graph.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const graph = await readImports(root);

describe('the imports of the program', () => {
  it('are read from every source file there is', () => {
    const sources = globSync('{appliance,web,provisioning,image,test}/**/*.{ts,tsx,mjs}', {
      cwd: root,
      exclude: ['**/*.d.ts'],
    });
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.filter((source) => !graph.modules.includes(source))).toEqual([]);
  });

  it('follow the layers', () => {
    expect(graph.violations).toEqual([]);
  });

  it('bind each library in one file of a part', () => {
    expect(graph.crowds).toEqual([]);
  });
});

describe('a planted mistake is found:', () => {
  const planted: [title: string, files: Record<string, string>, expected: string][] = [
    [
      'Node in protocol',
      { 'appliance/protocol/a.ts': "import 'node:fs';" },
      'protocol imports itself',
    ],
    [
      'Node in client',
      { 'appliance/client/a.ts': "import type { Stats } from 'fs'; export type S = Stats;" },
      'client imports protocol and packages',
    ],
    [
      'a library of the box in protocol',
      { 'appliance/protocol/a.ts': "import 'aedes';", 'node_modules/aedes/index.js': '' },
      'protocol imports itself',
    ],
    [
      'kernel in web',
      { 'web/a.ts': "import '../appliance/kernel/b.ts';", 'appliance/kernel/b.ts': '' },
      'web imports protocol and client',
    ],
    [
      'a service in kernel, by a type',
      {
        'appliance/kernel/a.ts':
          "import type { B } from '../services/b/index.ts'; export type A = B;",
        'appliance/services/b/index.ts': 'export type B = 1;',
      },
      'kernel knows protocol',
    ],
    [
      'the inside of another service',
      {
        'appliance/services/a/index.ts': "import type { B } from '../b/b.ts'; export type A = B;",
        'appliance/services/b/b.ts': 'export type B = 1;',
      },
      'a service imports protocol, kernel',
    ],
    [
      'an instance of another service',
      {
        'appliance/services/a/index.ts': "import { b } from '../b/index.ts'; export const a = b;",
        'appliance/services/b/index.ts': 'export const b = 1;',
      },
      'a service takes only types',
    ],
    [
      'kernel in terminal',
      { 'appliance/terminal/a.ts': "import '../kernel/b.ts';", 'appliance/kernel/b.ts': '' },
      'terminal imports protocol, client',
    ],
    [
      'the terminal in the box',
      { 'appliance/main.ts': "import './terminal/b.ts';", 'appliance/terminal/b.ts': '' },
      'only tests know the terminal',
    ],
    [
      'a test in the box',
      { 'appliance/main.ts': "import '../test/b.ts';", 'test/b.ts': '' },
      'nothing imports test',
    ],
    [
      'protocol in the verifier',
      {
        'provisioning/verify/a.ts': "import type { B } from '#protocol/b.ts'; export type A = B;",
        'appliance/protocol/b.ts': 'export type B = 1;',
      },
      'the verifier imports itself',
    ],
    [
      'a circle',
      {
        'appliance/kernel/a.ts': "import { b } from './b.ts'; export const a = () => b;",
        'appliance/kernel/b.ts': "import { a } from './a.ts'; export const b = () => a;",
      },
      'in a circle',
    ],
    [
      'a module that is not there',
      { 'web/a.ts': "import './gone.ts';" },
      'every import can be resolved',
    ],
  ];

  it.each(planted)('%s', async (_title, files, expected) => {
    const found = await plant(files);
    expect(found.violations.join('\n')).toContain(expected);
  });

  it('two importers of one library in the box', async () => {
    const found = await plant({
      'appliance/services/a/a.ts': "import 'aedes';",
      'appliance/services/b/b.ts': "import 'aedes';",
      'node_modules/aedes/index.js': '',
    });
    expect(found.crowds).toEqual([
      'aedes in box: appliance/services/a/a.ts, appliance/services/b/b.ts',
    ]);
  });

  it('while a tree without mistakes has none', async () => {
    const found = await plant({
      'appliance/services/a/a.ts': "import 'aedes'; import 'node:fs'; import '../../kernel/c.ts';",
      'appliance/services/b/b.ts': "import type { A } from '../a/index.ts'; export type B = A;",
      'appliance/services/a/index.ts': 'export type A = 1;',
      'appliance/kernel/c.ts': "import '#protocol/d.ts';",
      'appliance/protocol/d.ts': "import 'tweetnacl';",
      'node_modules/aedes/index.js': '',
      'node_modules/tweetnacl/index.js': '',
    });
    expect(found).toMatchObject({ violations: [], crowds: [] });
    expect(found.modules).toHaveLength(5);
  });
});

/** Reads the imports of a tree made of these files and of package.json as it is here. */
async function plant(
  files: Record<string, string>,
): Promise<Awaited<ReturnType<typeof readImports>>> {
  const base = await mkdtemp(join(tmpdir(), 'parley-layers-'));
  try {
    const imports = { '#protocol/*': './appliance/protocol/*' };
    const all = { 'package.json': JSON.stringify({ type: 'module', imports }), ...files };
    for (const [path, text] of Object.entries(all)) {
      await mkdir(dirname(join(base, path)), { recursive: true });
      await writeFile(join(base, path), text);
    }
    return await readImports(base);
  } finally {
    await rm(base, { recursive: true });
  }
}
