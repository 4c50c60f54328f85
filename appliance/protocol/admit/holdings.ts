import { toB64u } from '../codec/text-form.ts';
import type { Node } from '../pack/node.ts';
import type { GitObject } from '../pack/object.ts';

/** Which trees and blobs a replica has handed out to be stored, so that each goes once. */
export class Holdings {
  readonly #trees = new Set<string>();
  readonly #blobs = new Map<string, Node>();

  /** Objects of a tree that were not handed out before, contents first. */
  fresh(root: Node): GitObject[] {
    const found: GitObject[] = [];
    this.#visit(root, found);
    return found;
  }

  /** A file by its tree hash, as `profile` commits name it. */
  blob(hash: string): Node | undefined {
    return this.#blobs.get(hash);
  }

  #visit(node: Node, found: GitObject[]): void {
    if (this.#trees.has(node.object.oid)) return;
    this.#trees.add(node.object.oid);
    for (const child of node.children) this.#visit(child.node, found);
    if (node.object.type === 'blob') this.#blobs.set(toB64u(node.th), node);
    found.push(node.object);
  }
}
