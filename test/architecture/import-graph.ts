import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import type { ICruiseResult } from 'dependency-cruiser';
import { importRules, parts, shared } from './import-rules.ts';

const folders = ['appliance', 'web', 'provisioning', 'image', 'test'];

/** What was found about the imports below a folder. */
export interface ImportGraph {
  /** Every module of ours that was looked at, as a path below the folder. */
  modules: string[];
  /** One sentence for each import that breaks a rule. */
  violations: string[];
  /** One sentence for each library with more than one importer in a part. */
  crowds: string[];
}

/** Reads all imports below `base`, types included, and holds them against the rules. */
export async function readImports(base: string): Promise<ImportGraph> {
  const result = await cruise(
    folders.filter((folder) => existsSync(join(base, folder))),
    {
      baseDir: base,
      // Without a parser that knows TypeScript 7 the cruise would succeed over no module at all.
      parser: 'swc',
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '^[^/]+/.*\\.(css|svg|png|json|wasm|woff2)(\\?|$)|\\?(url|worker|raw)' },
      validate: true,
      ruleSet: { forbidden: importRules },
    },
    {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  );
  if (typeof result.output === 'string') throw new Error(`dependency-cruiser: ${result.output}`);
  return {
    modules: ourModules(result.output).map((module) => module.source),
    violations: result.output.summary.violations.map(
      ({ from, to, rule }) => `${from} imports ${to}, but ${rule.name}`,
    ),
    crowds: crowds(result.output),
  };
}

function ourModules(result: ICruiseResult): ICruiseResult['modules'] {
  return result.modules.filter(({ source }) => folders.includes(source.split('/')[0] ?? ''));
}

function crowds(result: ICruiseResult): string[] {
  const importers = new Map<string, Set<string>>();
  for (const { source, dependencies } of ourModules(result)) {
    // Declaring the types of a library that has none is not importing it.
    if (source.endsWith('.d.ts')) continue;
    const part = Object.keys(parts).find((name) => parts[name]?.test(source));
    if (part === undefined) continue;
    for (const { resolved } of dependencies) {
      const library = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(
        resolved,
      )?.[1];
      if (library === undefined || library in shared) continue;
      const key = `${library} in ${part}`;
      importers.set(key, (importers.get(key) ?? new Set()).add(source));
    }
  }
  return [...importers]
    .filter(([, sources]) => sources.size > 1)
    .map(([key, sources]) => `${key}: ${[...sources].sort().join(', ')}`);
}
