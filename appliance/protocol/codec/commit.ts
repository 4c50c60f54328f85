import { refused, type Parsed } from '../verdict.ts';
import { equal, fromUtf8, utf8 } from './bytes.ts';
import { encode, type Json } from './canonical-json.ts';
import type { Commit, CommitClass, CommitDraft } from './commit-form.ts';
import { ascending, readEnvelope } from './envelope.ts';
import { deviceFingerprint, sidOf } from './fingerprint.ts';
import { objectName } from './git-object.ts';
import { armour, readArmour } from './sshsig.ts';
import { fromBase64, toBase64 } from './text-form.ts';

/** Sizes in bytes of whole raw commits (R1, K13): stop floods of memory by one object. */
export interface CommitLimits {
  ordinary: number;
  genesis: number;
  epoch: number;
}

/** R1, with the epoch's 256 KiB of K13. */
export const commitLimits: CommitLimits = { ordinary: 65_536, genesis: 131_072, epoch: 262_144 };

/** Latest claimed time, in seconds (R2). */
const lastSecond = 2 ** 33;

/** The namespace under which stock git verifies commits. */
const commitNamespace = 'git';

const form = new RegExp(
  '^tree ([0-9a-f]{40})\n' +
    '((?:parent [0-9a-f]{40}\n){0,8})' +
    'author (([a-z2-7]{52}) <\\4@([a-z2-7]{52}|genesis)\\.swarm\\.invalid> (0|[1-9][0-9]{0,9}) \\+0000)\n' +
    'committer \\3\n' +
    'gpgsig (-----BEGIN SSH SIGNATURE-----\n(?: [A-Za-z0-9+/=]{1,100}\n){1,8} -----END SSH SIGNATURE-----\n)' +
    '\n' +
    'swarm1 ([xc])\n' +
    '\n' +
    '([^\n]+)\n' +
    '(?:([A-Za-z0-9+/=]+)\n)?$',
);

/**
 * Reads the body of a git commit object and refuses everything that `serialize`
 * would not have written, byte for byte: R1, R2, R3, R5, and that the signing key
 * is the one that `d` names (R18). The signature itself is not judged here.
 */
export function parseCommit(raw: Uint8Array, limits: CommitLimits = commitLimits): Parsed<Commit> {
  const largest = Math.max(limits.ordinary, limits.genesis, limits.epoch);
  if (raw.length > largest) return refused('R1', 'the commit is too large');
  const text = fromUtf8(raw);
  if (text === undefined) return refused('R2', 'the commit is not UTF-8');
  const found = form.exec(text);
  if (found === null) return refused('R2', 'the commit has another grammar');
  const [, tree, parentLines, , device, cid, seconds, folded, cls, line, sealedLine] =
    found as unknown as string[];
  const read = readEnvelope(line as string, cls as CommitClass, largest);
  if (!read.ok) return read;
  const envelope = read.value;
  if (raw.length > limitFor(envelope.k, limits)) return refused('R1', 'the commit is too large');
  if (envelope.d !== device) return refused('R2', 'the author line names another device');
  if ((envelope.cid ?? 'genesis') !== cid)
    return refused('R2', 'the author line names another swarm');
  if (Number(seconds) > lastSecond) return refused('R2', 'the claimed time is out of range');
  const parents = (parentLines as string)
    .split('\n')
    .slice(0, -1)
    .map((row) => row.slice(7));
  if (!ascending(parents)) return refused('R2', 'the parents are not in order');
  if (parents.length !== envelope.ps.length) return refused('R11', 'ps does not fit the parents');
  const sealed = sealedLine === undefined ? undefined : fromBase64(sealedLine);
  if ((sealed === undefined) === (envelope.k === 'msg')) {
    return refused('R5', 'the sealed line does not fit the kind');
  }
  const signature = readArmour((folded as string).replaceAll('\n ', '\n'), commitNamespace);
  if (signature === undefined) return refused('R3', 'the signature has another writing');
  if (deviceFingerprint(signature.key) !== device) return refused('R18', 'signed by another key');
  const draft: CommitDraft = {
    tree: tree as string,
    parents,
    seconds: Number(seconds),
    class: cls as CommitClass,
    envelope,
    ...(sealed && { sealed }),
  };
  // The grammar above already leaves no choice; this makes R3 true even if it should.
  if (!equal(serialize(draft, signature.key, signature.bytes), raw)) {
    return refused('R3', 'the commit has another writing');
  }
  return {
    ok: true,
    value: {
      ...draft,
      oid: objectName('commit', raw),
      sid: sidOf(raw),
      raw,
      payload: payloadOf(draft),
      signature: { key: signature.key, bytes: signature.bytes },
    },
  };
}

/** What a commit's signature covers (namespace `git`): the object without its gpgsig header. */
export function payloadOf(draft: CommitDraft): Uint8Array {
  return utf8(`${headOf(draft)}${messageOf(draft)}`);
}

/** The whole commit object, with the raw 64-byte signature over `payloadOf(draft)` by `key`. */
export function serialize(draft: CommitDraft, key: Uint8Array, signature: Uint8Array): Uint8Array {
  const lines = armour({ key, namespace: commitNamespace, bytes: signature }).trimEnd();
  const header = `gpgsig ${lines.replaceAll('\n', '\n ')}\n`;
  return utf8(`${headOf(draft)}${header}${messageOf(draft)}`);
}

function headOf({ tree, parents, seconds, envelope }: CommitDraft): string {
  const { d, cid } = envelope;
  const who = `${d} <${d}@${cid ?? 'genesis'}.swarm.invalid> ${seconds} +0000`;
  const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`)];
  return [...lines, `author ${who}`, `committer ${who}`, ''].join('\n');
}

function messageOf({ class: cls, envelope, sealed }: CommitDraft): string {
  const body = sealed === undefined ? '' : `${toBase64(sealed)}\n`;
  // An envelope is JSON by its type except for the index signature it does not have.
  return `\nswarm1 ${cls}\n\n${encode(envelope as unknown as Json)}\n${body}`;
}

function limitFor(kind: string, limits: CommitLimits): number {
  if (kind === 'genesis') return limits.genesis;
  return kind === 'epoch' ? limits.epoch : limits.ordinary;
}
