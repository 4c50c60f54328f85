import {
  decode,
  fields,
  integer,
  sortedListOf,
  listOf,
  type Json,
  type JsonObject,
} from '../bytes/canonical-json.ts';
import { epochId, fingerprint, hash64 } from '../bytes/text-form.ts';
import { must, refuse } from '../refusal.ts';

/** The clear part of a commit (SWARM §5.1; `mh` is M2). */
export interface Envelope {
  readonly cid?: string;
  readonly d: string;
  readonly q: number;
  readonly pq?: string;
  readonly l: number;
  readonly ps: readonly string[];
  readonly th: string;
  readonly k: string;
  readonly mh: readonly string[];
  readonly x?: JsonObject;
  readonly e?: string;
  readonly pc?: string;
}

/** Kinds that carry no arguments. */
const bare = ['leave', 'merge', 'msg'];

/** Reads the envelope's line; what `x` must hold is each kind's affair. */
export function readEnvelope(line: string, className: string): Envelope {
  const optional = ['cid', 'pq', 'mh', 'x', 'e', 'pc'];
  const env = fields(decode(line), ['v', 'd', 'q', 'l', 'ps', 'th', 'k'], optional);
  must(env['v'] === 1, 'R5', 'the version is unknown');
  const k = env['k'] as Json;
  if (typeof k !== 'string' || !/^[a-z]{1,12}$/.test(k)) refuse('R5', 'the kind has a bad form');
  must((k === 'msg') === (className === 'c'), 'R5', 'the class does not fit the kind');
  const [isGenesis, q] = [k === 'genesis', integer(env['q'])];
  must(isGenesis === (env['cid'] === undefined), 'R7', 'the conversation is named wrongly');
  must(!isGenesis || q === 0, 'R9', 'a genesis has the number 0');
  must((q === 0) === (env['pq'] === undefined), 'R9', 'number and previous commit do not fit');
  must(bare.includes(k) === (env['x'] === undefined), 'R5', 'arguments are missing or too many');
  must(
    ['msg', 'profile'].includes(k) === (env['e'] !== undefined),
    'R5',
    'an epoch is missing or too much',
  );
  must((k === 'msg') === (env['pc'] !== undefined), 'R5', 'the commitment is missing or too much');
  const mh = env['mh'] === undefined ? [] : sortedListOf(env['mh'], hash64, 8);
  must(env['mh'] === undefined || mh.length > 0, 'M2', 'an empty list of mission heads');
  return {
    d: fingerprint(env['d']),
    q,
    l: integer(env['l'], 1),
    ps: listOf(env['ps'], hash64, 8),
    th: hash64(env['th']),
    k,
    mh,
    ...(env['cid'] === undefined ? {} : { cid: fingerprint(env['cid']) }),
    ...(env['pq'] === undefined ? {} : { pq: hash64(env['pq']) }),
    ...(env['x'] === undefined ? {} : { x: object(env['x']) }),
    ...(env['e'] === undefined ? {} : { e: epochId(env['e']) }),
    ...(env['pc'] === undefined ? {} : { pc: hash64(env['pc']) }),
  };
}

function object(value: Json): JsonObject {
  if (typeof value !== 'object' || Array.isArray(value)) refuse('R5', 'arguments are no object');
  return value as JsonObject;
}
