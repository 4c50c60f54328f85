import { gitName, H } from '../bytes/hash.ts';
import { b64u } from '../bytes/text-form.ts';

/** A tree that follows from a state: its name in git, its SHA-512, and the objects it is made of. */
export interface Tree {
  readonly oid: string;
  readonly th: Buffer;
}

/** Files of a tree, by path without a leading slash. */
export type Files = Map<string, string | Uint8Array>;

/** Makes trees, and keeps every object made, so that each is hashed once and can be asked for. */
export class Trees {
  /** Name in git to what it is. */
  readonly objects = new Map<string, { type: 'tree' | 'blob'; body: Uint8Array }>();
  readonly #children = new Map<string, string[]>();
  readonly #blobs = new Map<string | Uint8Array, Tree>();
  readonly #trees = new Map<string, Tree>();

  /** T(state), given its files (SWARM §2 "Tree hash", §4). */
  make(files: Files): Tree {
    const below = new Map<string, Files>();
    const rows: { name: string; mode: string; node: Tree }[] = [];
    for (const [path, text] of files) {
      const slash = path.indexOf('/');
      if (slash < 0) rows.push({ name: path, mode: '100644', node: this.#blob(text) });
      else {
        const name = path.slice(0, slash);
        const inside: Files = below.get(name) ?? new Map();
        below.set(name, inside.set(path.slice(slash + 1), text));
      }
    }
    for (const [name, inside] of below) rows.push({ name, mode: '40000', node: this.make(inside) });
    const order = ({ mode, name }: { mode: string; name: string }) =>
      mode === '40000' ? `${name}/` : name;
    rows.sort((a, b) => (order(a) < order(b) ? -1 : 1));
    const body = Buffer.concat(
      rows.map(({ mode, name, node }) =>
        Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(node.oid, 'hex')]),
      ),
    );
    const parts = rows.flatMap(({ mode, name, node }) => [mode, name, node.th]);
    const key = parts.map((part) => (typeof part === 'string' ? part : b64u(part))).join(' ');
    const made = this.#trees.get(key) ?? { oid: gitName('tree', body), th: H('tree', ...parts) };
    this.#trees.set(key, made);
    this.objects.set(made.oid, { type: 'tree', body });
    this.#children.set(
      made.oid,
      rows.map(({ node }) => node.oid),
    );
    return made;
  }

  /** Names of what a tree lists. */
  children(oid: string): readonly string[] {
    return this.#children.get(oid) ?? [];
  }

  #blob(text: string | Uint8Array): Tree {
    const known = this.#blobs.get(text);
    if (known !== undefined) return known;
    const body = Buffer.from(text as string);
    const made = { oid: gitName('blob', body), th: H('blob', body) };
    this.#blobs.set(text, made);
    this.objects.set(made.oid, { type: 'blob', body });
    return made;
  }
}
