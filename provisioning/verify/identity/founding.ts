import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { createHash } from 'node:crypto';
import {
  encode,
  fields,
  integer,
  listOf,
  oneOf,
  type Json,
  type JsonObject,
} from '../bytes/canonical-json.ts';
import { fingerprintOf, H } from '../bytes/hash.ts';
import { armour, isSigned } from '../bytes/sshsig.ts';
import { b64u, bytes32, bytesText, fromB64u, hash64 } from '../bytes/text-form.ts';
import { must } from '../refusal.ts';
import { deviceCertificate, memberCertificate, partyCertificate } from './certificate.ts';

/** How many votes an action takes (V10). */
export type Threshold = 'majority' | 'two-thirds' | 'all';

/** A party as it revealed itself in the founding: its keys, its lead, the lead's device. */
export interface Founder {
  readonly party: ReturnType<typeof partyCertificate>;
  readonly lead: ReturnType<typeof memberCertificate>;
  readonly device: ReturnType<typeof deviceCertificate>;
}

/** A founding whose commitments, reveals and signatures hold (F1–F3). */
export interface Founding {
  readonly x: JsonObject;
  readonly charter: JsonObject;
  readonly founders: readonly Founder[];
  readonly F: Buffer;
}

const actions = ['addparty', 'ban', 'close', 'rule', 'update'] as const;
const ranks = ['majority', 'two-thirds', 'all'] as const;

/** Reads the arguments of a mission's genesis and checks everything in them. */
export function readFounding(x: JsonObject): Founding {
  fields(x, ['d', 'l', 'mode', 'nonce', 'r']);
  must(x['mode'] === 1, 'R20', 'a mission has mode 1');
  const draft = fields(x['d'], ['charter', 'n', 'session']);
  bytesText(16)(draft['session']);
  const charter = readCharter(draft['charter']);
  must(draft['n'] === charter['n'], 'R20', 'the number of parties is told in two ways');
  const D = encode(draft);
  const list = listOf(x['l'], (one) => listOf(one, (part) => part as string, 3), 32);
  const reveals = listOf(x['r'], (one) => fields(one, ['d', 'm', 'p', 'rho', 'slot']), 32);
  must(list.length === draft['n'] && reveals.length === draft['n'], 'R20', 'parties are missing');
  const founders = reveals.map((reveal, i) => readReveal(reveal, list[i] as string[], D));
  const names = founders.map(({ party }) => party.pfp);
  must(
    names.every((one, i) => i === 0 || (names[i - 1] as string) < one),
    'R20',
    'parties are not in order',
  );
  const slots = reveals.map(({ slot }) => slot as number).sort((a, b) => a - b);
  must(
    slots.every((slot, i) => slot === i),
    'R20',
    'the places of the parties are no row',
  );
  const keys = founders.flatMap(({ device, lead }) => [device.c['x'], lead.c['x']] as string[]);
  must(new Set(keys).size === keys.length, 'K10', 'two people have one key for boxes');
  const F = H('found', D, encode(x['l']), ...reveals.map((one) => encode(one)));
  must(
    x['nonce'] === b64u(H('g', F).subarray(0, 32)),
    'R20',
    'the nonce does not follow from the founding',
  );
  return { x, charter, founders, F };
}

/** The one genesis that follows from a founding, byte for byte (F4). */
export function genesisBytes({ F, x }: Founding, tree: { oid: string; th: string }): Buffer {
  const key = seedKey(H('gkey', F).subarray(0, 32));
  const d = fingerprintOf('fp-device', key.publicKey);
  const envelope = encode({ d, k: 'genesis', l: 1, ps: [], q: 0, th: tree.th, v: 1, x });
  const who = `${d} <${d}@genesis.swarm.invalid> 0 +0000`;
  const head = `tree ${tree.oid}\nauthor ${who}\ncommitter ${who}\n`;
  const message = `\nswarm1 x\n\n${envelope}\n`;
  const signature = key.sign(`${head}${message}`);
  return Buffer.from(`${head}gpgsig ${armour(key.publicKey, signature)}\n${message}`);
}

/** Public key of the genesis, which signs nothing else. */
export function genesisKey(F: Uint8Array): Buffer {
  return seedKey(H('gkey', F).subarray(0, 32)).publicKey;
}

/** The safety code as 20 digits: 66 bits of the founding (F5). */
export function safetyCode(F: Uint8Array): string {
  const start = BigInt(`0x${H('safety', F).subarray(0, 9).toString('hex')}`);
  return (start >> 6n).toString().padStart(20, '0');
}

/** The words `found` signs, and a charter's threshold by name. */
export function foundMessage(F: Uint8Array): string {
  return encode({ f: b64u(F), t: 'found' });
}

function readCharter(value: Json | undefined): JsonObject {
  const charter = fields(value, [...actions, 'hist', 'n', 'names', 'unit', 'v', 'wait']);
  must(charter['v'] === 1, 'R20', 'the charter has an unknown version');
  oneOf(charter['unit'], 'party');
  oneOf(charter['hist'], 'all', 'join', 'none');
  integer(charter['n'], 2, 32);
  integer(charter['wait'], 1, 8760);
  hash64(charter['names']);
  const rank = (name: string): number => ranks.indexOf(oneOf(charter[name], ...ranks));
  const highest = Math.max(...actions.map(rank));
  must(
    rank('addparty') === highest && rank('rule') === highest,
    'V11',
    'growth is easier than what it changes',
  );
  return charter;
}

function readReveal(reveal: JsonObject, place: readonly string[], D: string): Founder {
  const [pfp, fc, sig] = place;
  const party = partyCertificate(reveal['p']);
  const lead = memberCertificate(reveal['m'], party);
  const device = deviceCertificate(reveal['d'], lead);
  const slot = Buffer.from([integer(reveal['slot'], 0, 31)]);
  const rho = fromB64u(bytes32(reveal['rho']));
  const parts = [party, lead, device].map(({ json }) => encode(json));
  must(pfp === party.pfp, 'F2', 'commitments and reveals are not of the same parties');
  must(fc === b64u(H('fc', D, ...parts, slot, rho)), 'F3', 'a reveal does not open its commitment');
  const said = encode({ d: b64u(H('draft', D)), fc, t: 'commit' });
  must(
    isSigned(party.pk, 'swarm-charter-v1', said, fromB64u(sig, 64)),
    'F1',
    'a commitment is not signed',
  );
  return { party, lead, device };
}

function seedKey(seed: Uint8Array): { publicKey: Buffer; sign: (message: string) => Buffer } {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { publicKey, sign: (message) => sign(null, sshSigned(message), secret) };
}

function sshSigned(message: string): Buffer {
  const part = (text: string | Uint8Array): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(text as string)]);
  };
  const digest = createHash('sha512').update(message).digest();
  return Buffer.concat([
    Buffer.from('SSHSIG'),
    part('git'),
    part(''),
    part('sha512'),
    part(digest),
  ]);
}
