import { concat, utf8 } from './bytes.ts';
import { sha1 } from './digest.ts';
import { toHex } from './text-form.ts';

/** The three types of git object that a swarm has; tags and deltas do not exist in it. */
export type GitType = 'commit' | 'tree' | 'blob';

/** The name git stores an object under: SHA-1 over its head and body, 40 hex digits. */
export function objectName(type: GitType, body: Uint8Array): string {
  return toHex(sha1(concat(utf8(`${type} ${body.length}\0`), body)));
}
