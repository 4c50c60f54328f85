import type { Commit } from '#protocol/codec/commit-form.ts';

/** What the box remembers of a stored commit, to answer without reading it again. */
export interface Row {
  /** Place in the order of storing: parents come before their children. */
  at: number;
  oid: string;
  sid: string;
  device: string;
  q: number;
  /** Logical height, for the order of display. */
  l: number;
  tree: string;
  parents: readonly Row[];
  /** `sid` of the device's commit before this one. */
  pq?: string;
}

/** The commits of one swarm and how they hang together. */
export class Catalogue {
  readonly #rows: Row[] = [];
  readonly #byOid = new Map<string, Row>();
  /** Commits that nothing stands on. */
  readonly #ends = new Set<Row>();
  #last: Row | undefined;

  /** How many commits there are. */
  get count(): number {
    return this.#rows.length;
  }

  get(oid: string): Row | undefined {
    return this.#byOid.get(oid);
  }

  /** Adds a commit whose parents are there; one that is there already stays as it is. */
  add({ oid, sid, tree, parents, envelope }: Commit): Row {
    const known = this.#byOid.get(oid);
    if (known !== undefined) return known;
    const { d: device, q, l, pq } = envelope;
    const rows = parents.map((parent) => {
      const row = this.#byOid.get(parent);
      if (row === undefined) throw new Error(`commit ${oid} comes before its parent`);
      return row;
    });
    const at = this.#rows.length;
    const row = {
      at,
      oid,
      sid,
      device,
      q,
      l,
      tree,
      parents: rows,
      ...(pq !== undefined && { pq }),
    };
    this.#rows.push(row);
    this.#byOid.set(oid, row);
    this.#ends.add(row);
    for (const parent of rows) this.#ends.delete(parent);
    if (this.#last === undefined || isLater(row, this.#last)) this.#last = row;
    return row;
  }

  /** How many open ends each device would have if these commits were added too (L8). */
  endsWith(commits: readonly Commit[]): Map<string, number> {
    const named = new Set(commits.flatMap(({ parents }) => parents));
    const stored = [...this.#ends].filter(({ oid }) => !named.has(oid));
    const added = commits.filter(({ oid }) => !named.has(oid) && !this.#byOid.has(oid));
    const counts = new Map<string, number>();
    for (const device of [...stored.map((row) => row.device), ...added.map((c) => c.envelope.d)]) {
      counts.set(device, (counts.get(device) ?? 0) + 1);
    }
    return counts;
  }

  /** What somebody who has `have`, and all that is behind it, lacks of `want`; parents first. */
  between(have: readonly string[], want: readonly string[]): Row[] {
    const has = this.#behind(have);
    const wants = this.#behind(want);
    return this.#rows.filter(({ at }) => wants[at] === 1 && has[at] !== 1);
  }

  /** The commit that comes last on screens (SWARM §9.4), which `main` points to. */
  get last(): Row | undefined {
    return this.#last;
  }

  /** Marks the named commits and everything behind them, by place. Unknown names mark nothing. */
  #behind(oids: readonly string[]): Uint8Array {
    const marks = new Uint8Array(this.#rows.length);
    for (const oid of oids) {
      const row = this.#byOid.get(oid);
      if (row) marks[row.at] = 1;
    }
    // Parents stand before their children, so one walk from the end reaches them all.
    for (let at = marks.length - 1; at >= 0; at--) {
      if (marks[at] === 1)
        for (const parent of (this.#rows[at] as Row).parents) marks[parent.at] = 1;
    }
    return marks;
  }
}

function isLater(a: Row, b: Row): boolean {
  return a.l !== b.l ? a.l > b.l : a.sid > b.sid;
}
