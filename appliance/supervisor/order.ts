/** What the order depends on; every Service is one. */
export interface Needing {
  readonly name: string;
  readonly needs: readonly string[];
}

/**
 * Sorts so that each comes after all it needs, otherwise in the given order.
 * A cycle, a double name or a need that nobody offers is our own mistake: throws.
 */
export function inOrder<T extends Needing>(all: readonly T[]): T[] {
  const byName = new Map(all.map((one) => [one.name, one]));
  if (byName.size !== all.length) throw new TypeError('two services have the same name');
  const sorted = new Set<T>();
  const visit = (one: T, path: readonly string[]): void => {
    if (sorted.has(one)) return;
    const here = [...path, one.name];
    if (path.includes(one.name))
      throw new TypeError(`services need each other: ${here.join(' → ')}`);
    for (const name of one.needs) {
      const needed = byName.get(name);
      if (!needed) throw new TypeError(`${one.name} needs ${name}, which is not there`);
      visit(needed, here);
    }
    sorted.add(one);
  };
  for (const one of all) visit(one, []);
  return [...sorted];
}

/** Names of all that need `name`, directly or through others. */
export function dependentsOf(name: string, all: readonly Needing[]): Set<string> {
  const found = new Set<string>();
  // In start order one pass is enough: who needs a dependent comes after it.
  for (const one of inOrder(all)) {
    if (one.needs.some((need) => need === name || found.has(need))) found.add(one.name);
  }
  return found;
}
