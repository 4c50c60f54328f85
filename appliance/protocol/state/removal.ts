/** Classes of those who can be removed. */
export type Class = 'party' | 'member' | 'device';

/** A removal of a party, member or device that stands (Resolve, step 3). */
export interface Removal {
  /** `sid` of the commit that removes. */
  readonly by: string;
  /** `ban` by vote; `left` by oneself or one's own party's keys, which voids no grant (V5). */
  readonly kind: 'ban' | 'left';
  /** Ballots that a ban rests on; for the record in the tree. */
  readonly votes: readonly string[];
  /** `sid`s of what lifted it: unban, or add after a leave. They had it in their past (C4). */
  readonly lifts: readonly string[];
}

/** All removals by subject, `member <mfp>` and so on. */
export type Removals = ReadonlyMap<string, readonly Removal[]>;

/** Key of a subject in `Removals`. */
export function subject(cls: Class, fingerprint: string): string {
  return `${cls} ${fingerprint}`;
}

/** Removals of one subject that nothing has lifted. */
export function unlifted(removals: Removals, key: string): readonly Removal[] {
  return (removals.get(key) ?? []).filter((removal) => removal.lifts.length === 0);
}

/** With one removal more. */
export function withRemoval(removals: Removals, key: string, removal: Removal): Removals {
  return new Map(removals).set(key, [...(removals.get(key) ?? []), removal]);
}

/** With every removal of the subject and kind that `saw` has in its past lifted by `by` (R28, C4). */
export function withLift(
  removals: Removals,
  key: string,
  kind: Removal['kind'],
  by: string,
  saw: (sid: string) => boolean,
): Removals {
  const held = removals.get(key);
  if (held === undefined) return removals;
  const lifted = held.map((removal) =>
    removal.kind === kind && saw(removal.by)
      ? { ...removal, lifts: [...removal.lifts, by] }
      : removal,
  );
  return new Map(removals).set(key, lifted);
}

/** One text for equal removals: a child's state depends on the mission only through them (L10). */
export function digest(removals: Removals): string {
  const known = digests.get(removals);
  if (known !== undefined) return known;
  const rows = [...removals].map(([key, held]) => {
    const parts = held.map(
      (removal) => `${removal.by}:${removal.kind}:${removal.lifts.toSorted().join(',')}`,
    );
    return `${key}=${parts.sort().join(';')}`;
  });
  const text = rows.sort().join('|');
  digests.set(removals, text);
  return text;
}

const digests = new WeakMap<Removals, string>();
