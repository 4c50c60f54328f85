import { utf8 } from '../bytes/canonical-json.ts';
import { fingerprintOf, gitName, sidOf } from '../bytes/hash.ts';
import { armour, isSigned, openArmour } from '../bytes/sshsig.ts';
import { fromBase64 } from '../bytes/text-form.ts';
import { must, refuse } from '../refusal.ts';
import { readEnvelope, type Envelope } from './envelope.ts';

/** A commit whose bytes are right; what it says may still be wrong. */
export interface Commit {
  readonly raw: Uint8Array;
  readonly oid: string;
  readonly sid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly seconds: number;
  readonly envelope: Envelope;
  readonly sealed?: Uint8Array;
  readonly key: Uint8Array;
  readonly signature: Uint8Array;
  readonly payload: string;
}

const grammar = new RegExp(
  [
    'tree (?<tree>[0-9a-f]{40})\\n(?<parents>(?:parent [0-9a-f]{40}\\n){0,8})',
    'author (?<who>[^\\n]*)\\ncommitter (?<again>[^\\n]*)\\n',
    'gpgsig -----BEGIN SSH SIGNATURE-----\\n(?<armour>(?: [A-Za-z0-9+/=]{1,70}\\n){1,12})',
    ' -----END SSH SIGNATURE-----\\n\\n(?<message>swarm1 (?<class>[xc])\\n\\n',
    '(?<envelope>\\{[^\\n]*\\})\\n(?:(?<sealed>[A-Za-z0-9+/=]+)\\n)?)$',
  ].join(''),
);

/** Reads a commit's bytes: R1, R2, R3, R5, R18 and the parts of R7–R9 that one commit shows. */
export function readCommit(raw: Uint8Array): Commit {
  must(raw.length <= 262_144, 'R1', 'the commit is too large');
  const text = utf8(raw);
  const parts = new RegExp(`^${grammar.source}`).exec(text)?.groups as Record<string, string>;
  must(parts, 'R2', 'it is not written as a commit of this protocol');
  const envelope = readEnvelope(parts['envelope'] as string, parts['class'] as string);
  const most = { genesis: 131_072, epoch: 262_144 }[envelope.k] ?? 65_536;
  must(raw.length <= most, 'R1', 'the commit is too large');
  must(
    (envelope.k === 'msg') === (parts['sealed'] !== undefined),
    'R5',
    'a sealed line is missing or too much',
  );
  const seconds = Number(/ ([0-9]{1,10}) \+0000$/.exec(parts['who'] as string)?.[1] ?? -1);
  must(seconds >= 0 && seconds <= 2 ** 33, 'R2', 'the time is out of range');
  const parents = [...(parts['parents'] as string).matchAll(/[0-9a-f]{40}/g)].map(([oid]) => oid);
  must(
    parents.every((oid, i) => i === 0 || (parents[i - 1] as string) < oid),
    'R2',
    'parents are not in order',
  );
  must(
    parents.length === envelope.ps.length,
    'R11',
    'parents and their identities are not as many',
  );
  must(
    (parents.length === 0) === (envelope.k === 'genesis'),
    'R7',
    'only a genesis has no parents',
  );
  const { key, signature } = openArmour(parts['armour'] as string);
  const head = `tree ${parts['tree']}\n${parents.map((oid) => `parent ${oid}\n`).join('')}`;
  const place = `${envelope.cid ?? 'genesis'}.swarm.invalid`;
  const who = `${envelope.d} <${envelope.d}@${place}> ${seconds} +0000`;
  const people = `author ${who}\ncommitter ${who}\n`;
  const written = `${head}${people}gpgsig ${armour(key, signature)}\n\n${parts['message']}`;
  must(written === text, 'R3', 'the commit is not in its one form');
  if (fingerprintOf('fp-device', key) !== envelope.d)
    refuse('R18', 'another key signed than the one named');
  return {
    raw,
    oid: gitName('commit', raw),
    sid: sidOf(raw),
    tree: parts['tree'] as string,
    parents,
    seconds,
    envelope,
    ...(parts['sealed'] === undefined ? {} : { sealed: sealedBody(parts['sealed']) }),
    key,
    signature,
    payload: `${head}${people}\n${parts['message']}`,
  };
}

/** Whether the signature of a commit holds (R4). */
export function isCommitSigned({ key, payload, signature }: Commit): boolean {
  return isSigned(key, 'git', payload, signature);
}

const buckets = [256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 40_960];

/** Whether so many bytes are a sealed text: nonce, tag, and one of the nine sizes (SWARM §5.2). */
export function isSealedSize(length: number): boolean {
  return buckets.includes(length - 24 - 16);
}

function sealedBody(line: string): Buffer {
  const bytes = fromBase64(line);
  must(isSealedSize(bytes.length), 'R1', 'the sealed body has none of the nine sizes');
  return bytes;
}
