import { H } from '../codec/hash.ts';
import { gitObject, type GitObject } from './object.ts';
import { encodeTree, sortedEntries, type Mode } from './tree.ts';

/**
 * A file or directory with both of its names: the git object name and the SHA-512
 * tree hash `th` (SWARM §2). Never changed once made, so that a state shares the
 * parts of its tree that did not change.
 */
export interface Node {
  mode: Mode;
  object: GitObject;
  /** 64 bytes. */
  th: Uint8Array;
  /** Of a directory: what is in it, in git order. */
  children: readonly { name: string; node: Node }[];
}

/** A file. */
export function file(bytes: Uint8Array): Node {
  return { mode: '100644', object: gitObject('blob', bytes), th: H('blob', bytes), children: [] };
}

/** A directory. Throws TypeError for a name outside the grammar of SWARM §4. */
export function directory(named: ReadonlyMap<string, Node>): Node {
  const rows = [...named].map(([name, node]) => ({ name, node, mode: node.mode }));
  const children = sortedEntries(rows).map(({ name, node }) => ({ name, node }));
  const entries = children.map(({ name, node: { mode, object } }) => ({
    mode,
    name,
    oid: object.oid,
  }));
  return {
    mode: '40000',
    object: gitObject('tree', encodeTree(entries)),
    th: H('tree', ...children.flatMap(({ name, node }) => [node.mode, name, node.th])),
    children,
  };
}

/** The directory that holds these files; paths are separated by `/`. */
export function treeOf(files: ReadonlyMap<string, Uint8Array>): Node {
  const here = new Map<string, Node>();
  const below = new Map<string, Map<string, Uint8Array>>();
  for (const [path, bytes] of files) {
    const slash = path.indexOf('/');
    if (slash < 0) {
      here.set(path, file(bytes));
    } else {
      const name = path.slice(0, slash);
      const inner = below.get(name) ?? new Map<string, Uint8Array>();
      below.set(name, inner.set(path.slice(slash + 1), bytes));
    }
  }
  for (const [name, inner] of below) here.set(name, treeOf(inner));
  return directory(here);
}

/** Every object in a tree, contents first, each once. */
export function objectsIn(root: Node): GitObject[] {
  const found = new Map<string, GitObject>();
  const visit = (node: Node): void => {
    if (found.has(node.object.oid)) return;
    for (const child of node.children) visit(child.node);
    found.set(node.object.oid, node.object);
  };
  visit(root);
  return [...found.values()];
}
