import { deflateSync } from 'node:zlib';
import { concat, fromUtf8, utf8 } from '#protocol/codec/bytes.ts';
import type { CommitDraft } from '#protocol/codec/commit-form.ts';
import { parseCommit, payloadOf, serialize } from '#protocol/codec/commit.ts';
import { sha1 } from '#protocol/codec/digest.ts';
import { conversationId, deviceFingerprint, sidOf } from '#protocol/codec/fingerprint.ts';
import { objectName } from '#protocol/codec/git-object.ts';
import { toB64u, toBase64 } from '#protocol/codec/text-form.ts';
import { sealMessage } from '#protocol/crypto/message-seal.ts';
import { signingPair } from '#protocol/crypto/nacl.ts';
import { signBlob } from '#protocol/crypto/sign.ts';
import { objectsIn, treeOf } from '#protocol/pack/node.ts';
import { gitObject } from '#protocol/pack/object.ts';
import { writePack } from '#protocol/pack/write.ts';
import { seededEngine } from '../../support/protocol-ports.ts';

const seed = new Uint8Array(32).fill(1);
const { publicKey } = signingPair(seed);
const d = deviceFingerprint(publicKey);
const root = treeOf(new Map([['proto', utf8('swarm1\n')]]));
const th = toB64u(root.th);
const order = 2n ** 252n + 27742317777372353535851937790883648493n;

/** Which rule refuses a variant; nothing else may. */
const refusals: Readonly<Record<string, string>> = {
  'armour of 60 columns': 'R3',
  'armour of 76 columns': 'R3',
  'an extra gpgsig-sha256 header': 'R2',
  'S + L': 'R4',
};

/** Level 0, so that the bytes do not depend on a version of zlib. */
const storing = {
  inflate: () => undefined,
  deflate: (bytes: Uint8Array) => new Uint8Array(deflateSync(bytes, { level: 0 })),
};

/** The genesis of the first vectors, and a message that follows it. */
function drafts(): { genesis: Uint8Array; message: Uint8Array; cid: string } {
  const nonce = toB64u(new Uint8Array(32).fill(7));
  const genesis = signed({
    tree: root.object.oid,
    parents: [],
    seconds: 1_700_000_000,
    class: 'x',
    envelope: { v: 1, d, q: 0, l: 1, ps: [], th, k: 'genesis', x: { mode: 2, nonce } },
  });
  const sid = sidOf(genesis);
  const cid = conversationId(sid);
  const sealing = {
    epochKey: new Uint8Array(32).fill(9),
    deviceSecret: new Uint8Array(32).fill(8),
  };
  const sealed = sealMessage(
    seededEngine('message'),
    sealing,
    { cid, d, q: 1, pq: sid },
    { t: 'text/plain', b: { body: 'hello' }, m: 1_700_000_000_000 },
  );
  const message = signed({
    tree: root.object.oid,
    parents: [objectName('commit', genesis)],
    seconds: 1_700_000_060,
    class: 'c',
    envelope: {
      v: 1,
      cid,
      d,
      q: 1,
      pq: sid,
      l: 2,
      ps: [sid],
      th,
      k: 'msg',
      e: 'a'.repeat(32),
      pc: sealed.pc,
    },
    sealed: sealed.body,
  });
  return { genesis, message, cid };
}

/** Commits, and ways to write the first one differently that stock git also verifies. */
export function commitVectors(): Promise<unknown> {
  const { genesis, message, cid } = drafts();
  const text = fromUtf8(genesis) as string;
  const variants = {
    canonical: genesis,
    'armour of 60 columns': utf8(rewrapped(text, 60)),
    'armour of 76 columns': utf8(rewrapped(text, 76)),
    'an extra gpgsig-sha256 header': utf8(
      text.replace('\n\nswarm1', '\ngpgsig-sha256 x\n\nswarm1'),
    ),
    'S + L': plusOrder(genesis),
  };
  return Promise.resolve({
    note: 'seeds: device 32x01, genesis nonce 32x07, epoch key 32x09, device secret 32x08',
    publicKey: toB64u(publicKey),
    dfp: d,
    cid,
    allowedSigners: allowedSigners(),
    tree: { oid: root.object.oid, th, proto: 'swarm1\n' },
    commits: [describe('genesis', genesis), describe('message', message)],
    variants: Object.entries(variants).map(([name, raw]) => ({
      name,
      raw: toBase64(raw),
      oid: objectName('commit', raw),
      refusedBy: refusals[name],
    })),
  });
}

/** Delta-free packs that stock git indexes, and ones that only look like packs. */
export function packVectors(): Promise<unknown> {
  const { genesis, message } = drafts();
  const objects = [...objectsIn(root), gitObject('commit', genesis), gitObject('commit', message)];
  const good = writePack(objects, storing);
  const body = good.slice(0, -20);
  const resummed = (bytes: Uint8Array) => concat(bytes, sha1(bytes));
  const recounted = body.slice();
  recounted[11] = objects.length + 1;
  const delta = concat(
    utf8('PACK'),
    Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 1, 0x71),
    new Uint8Array(20),
  );
  const bad = {
    'a sum that is wrong': concat(body, new Uint8Array(20)),
    'slack before the sum': resummed(concat(body, utf8('slack'))),
    'one object less than it counts': resummed(recounted),
    'a cut object': resummed(body.slice(0, -3)),
    'a reference delta': resummed(concat(delta, storing.deflate(utf8('x')))),
    'version 3': resummed(concat(body.slice(0, 7), Uint8Array.of(3), body.slice(8))),
  };
  return Promise.resolve({
    good: { pack: toBase64(good), objects: objects.map(({ type, oid }) => ({ type, oid })) },
    bad: Object.entries(bad).map(([name, pack]) => ({ name, pack: toBase64(pack) })),
  });
}

function signed(draft: CommitDraft): Uint8Array {
  return serialize(draft, publicKey, signBlob('git', seed, payloadOf(draft)));
}

function describe(name: string, raw: Uint8Array): unknown {
  const parsed = parseCommit(raw);
  if (!parsed.ok) throw new Error(parsed.why);
  const { oid, sid, payload } = parsed.value;
  return { name, raw: toBase64(raw), oid, sid, payload: toBase64(payload) };
}

function rewrapped(text: string, columns: number): string {
  return text.replace(/(BEGIN SSH SIGNATURE-----\n)([^-]+)( -----END)/, (_, begin, body, end) => {
    const blob = (body as string).replace(/\s/g, '');
    const lines = blob.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [];
    return `${begin as string}${lines.map((line) => ` ${line}\n`).join('')}${end as string}`;
  });
}

function plusOrder(raw: Uint8Array): Uint8Array {
  const parsed = parseCommit(raw);
  if (!parsed.ok) throw new Error(parsed.why);
  const { signature } = parsed.value;
  const bytes = signature.bytes.slice();
  let s = 0n;
  for (let i = 63; i >= 32; i--) s = (s << 8n) | BigInt(bytes[i] as number);
  s += order;
  for (let i = 32; i < 64; i++, s >>= 8n) bytes[i] = Number(s & 0xffn);
  return serialize(parsed.value, signature.key, bytes);
}

function allowedSigners(): string {
  const framed = (bytes: Uint8Array) => concat(Uint8Array.of(0, 0, 0, bytes.length), bytes);
  const blob = concat(framed(utf8('ssh-ed25519')), framed(publicKey));
  return `${d} namespaces="git" ssh-ed25519 ${toBase64(blob)}`;
}
