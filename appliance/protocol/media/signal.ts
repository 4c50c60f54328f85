import { utf8 } from '../codec/bytes.ts';
import { decode, encode, type Json } from '../codec/canonical-json.ts';
import { isFingerprint } from '../codec/fingerprint.ts';
import { b64u, fields, integer, text, type Guard } from '../codec/shape.ts';
import { fromB64u, toB64u } from '../codec/text-form.ts';
import { buckets } from '../crypto/seal.ts';
import type { Namespace, Signer } from '../crypto/sign.ts';
import { verifyBlob } from '../crypto/verify-strict.ts';
import type { Engine } from '../ports.ts';
import { refused, type Parsed } from '../verdict.ts';
import {
  ephemeralBodies,
  mailBodies,
  type SignalBody,
  type SignalContent,
  type SignalType,
} from './signal-form.ts';

/** Where a signal stands: by whom, for what, and its place in the order of its sender's page. */
export interface SignalPlace {
  cid: string;
  /** Device that signed. */
  from: string;
  /** 16 random bytes, new whenever the sender's program starts. */
  boot: string;
  /** Counts within the boot, from 0. */
  n: number;
  /** Time in milliseconds that the sender claims; never falls. */
  m: number;
  /** Device it is for: of mail only. */
  to?: string;
}

/** A signal whose signature, form and addresses have been checked. */
export type Signal<T extends SignalType = SignalType> = SignalContent<T> & SignalPlace;

/** A device that may send: its fingerprint and its Ed25519 key. */
export interface SignalSource {
  device: string;
  key: Uint8Array;
}

const largest = buckets[buckets.length - 1] as number;
const anyBody: Guard<{ [key: string]: Json }> = (value): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isSigned = fields({
  s: fields(
    {
      b: anyBody,
      boot: b64u(16),
      cid: isFingerprint,
      from: isFingerprint,
      m: integer(0, Number.MAX_SAFE_INTEGER),
      n: integer(0, Number.MAX_SAFE_INTEGER),
      t: text(1, 16),
    },
    { to: isFingerprint },
  ),
  w: b64u(64),
});

/** Signs one device's signals and counts them: one writer for as long as the program runs. */
export class SignalWriter {
  readonly #signer: Signer;
  readonly #from: string;
  readonly #boot: string;
  #n = 0;
  #m = 0;

  constructor(engine: Engine, signer: Signer, from: string) {
    this.#signer = signer;
    this.#from = from;
    this.#boot = toB64u(engine.random(16));
  }

  /** CJ of a signed signal at time `now`, to be sealed; `to` for mail. Throws for a body of another form. */
  async write<T extends SignalType>(
    t: T,
    b: SignalBody<T>,
    { cid, now, to }: { cid: string; now: number; to?: string },
  ): Promise<string> {
    if (guardOf(t, to !== undefined)?.(b) !== true) throw new TypeError(`not a body of ${t}`);
    this.#m = Math.max(this.#m, Math.floor(now));
    const place = { boot: this.#boot, cid, from: this.#from, m: this.#m, n: this.#n++ };
    const s: Json = { ...place, b: b as Json, t, ...(to !== undefined && { to }) };
    const w = await this.#signer.sign(namespaceOf(t), utf8(encode(s)));
    return encode({ s, w: toB64u(w) });
  }
}

/**
 * Reads and verifies an opened signal of this source: mail if `to` is given. Whoever sealed
 * it proves nothing; the signature says who, for whom and in which swarm.
 */
export async function readSignal(
  engine: Engine,
  plain: string,
  source: SignalSource,
  to?: string,
): Promise<Parsed<Signal>> {
  const decoded = decode(plain, largest);
  if (!decoded.ok) return decoded;
  const signed: unknown = decoded.value;
  if (!isSigned(signed)) return refused('R5', 'not a signal');
  const { s, w } = signed;
  if (s.from !== source.device) return refused('W1', 'the signal is by another device');
  if (s.to !== to) return refused('W1', 'the signal is for another device');
  const guard = guardOf(s.t, to !== undefined);
  if (guard === undefined) return refused('W1', 'the type of signal is not known here');
  if (!guard(s.b)) return refused('R5', 'the body of the signal has a bad form');
  const signature = fromB64u(w, 64) as Uint8Array;
  const message = utf8(encode(s as unknown as Json));
  const namespace = namespaceOf(s.t as SignalType);
  const genuine = await verifyBlob(engine, namespace, source.key, message, signature);
  if (!genuine) return refused('R4', 'the signature of the signal is not valid');
  return { ok: true, value: s as unknown as Signal };
}

/** A frame digest is evidence against its sender, so its signature can stand for nothing else. */
function namespaceOf(t: SignalType): Namespace {
  return t === 'digest' ? 'swarm-frame-v1' : 'swarm-signal-v1';
}

function guardOf(t: string, isMail: boolean): Guard<object> | undefined {
  const table: Readonly<Record<string, Guard<object>>> = isMail ? mailBodies : ephemeralBodies;
  return Object.hasOwn(table, t) ? table[t] : undefined;
}
