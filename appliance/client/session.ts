import { equal, utf8 } from '#protocol/codec/bytes.ts';
import { encode } from '#protocol/codec/canonical-json.ts';
import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import { agree, freshPair } from '#protocol/crypto/agreement.ts';
import type { Signer } from '#protocol/crypto/sign.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import { boxKeyHash, requestMac, sessionKey, transcript } from '#protocol/mission/login.ts';
import type { Engine } from '#protocol/ports.ts';
import { BoxRefusal, jsonOf, textAt, type Carrier, type Question } from './exchange.ts';
import type { HttpReply, MqttLogin, Network } from './ports.ts';
import { problem } from './problem.ts';

/** Who logs in, and at which box. */
export interface SessionOptions {
  /** Asks without proof. */
  open: Carrier;
  bindings: Network['bindings'];
  engine: Engine;
  signer: Signer;
  dfp: string;
  /** The mission. */
  cid: string;
  /** Hash of the box's key, 32 bytes, as the code had it: no other box gets a signature (A1, A2). */
  boxKeyHash: Uint8Array;
}

/** Refusals after which a new login helps; a nonce ends while a box in a rush is slow to answer. */
const lost = ['GATEWAY_SESSION_UNKNOWN', 'GATEWAY_REQUEST_UNPROVEN', 'GATEWAY_NONCE_UNKNOWN'];

interface Open {
  id: string;
  key: Uint8Array;
  counter: number;
}

/**
 * A device's session at the box (A2, A4): logs in when needed, again when the box has forgotten
 * it, and puts counter and MAC on each request. Nothing of it outlives the page.
 */
export class Session implements Carrier {
  readonly #options: SessionOptions;
  #opening: Promise<Open> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  async ask(question: Question): Promise<HttpReply> {
    const opening = this.#session(question.signal);
    try {
      return await this.#options.open.ask(this.#proven(await opening, question));
    } catch (error) {
      if (!(error instanceof BoxRefusal) || !lost.includes(error.code)) throw error;
      // The box restarted or dropped the session: one more try with a new one, never a loop.
      if (this.#opening === opening) this.renew();
      const again = await this.#session(question.signal);
      return this.#options.open.ask(this.#proven(again, question));
    }
  }

  /** Name and proof for one MQTT connection. */
  async mqttLogin(signal: AbortSignal): Promise<MqttLogin> {
    const open = await this.#session(signal);
    const { dfp } = this.#options;
    const { counter, mac } = this.#proof(open, 'MQTT', dfp, new Uint8Array());
    return { clientId: dfp, userName: open.id, password: `${counter}.${mac}` };
  }

  /** Logs in anew next time; MQTT needs it, since a broker does not say why it refuses. */
  renew(): void {
    this.#opening = undefined;
  }

  #session(signal: AbortSignal): Promise<Open> {
    if (this.#opening) return this.#opening;
    const opening = this.#logIn(signal);
    this.#opening = opening;
    opening.catch(() => {
      if (this.#opening === opening) this.renew();
    });
    return opening;
  }

  async #logIn(signal: AbortSignal): Promise<Open> {
    const { engine, signer, dfp, cid } = this.#options;
    const nc = engine.random(32);
    const pair = freshPair(engine, nc);
    const start = { c: cid, d: dfp, ec: toB64u(pair.publicKey), nc: toB64u(nc) };
    const told = await this.#post('/v1/nonce', start, signal);
    const [bk, eb, nb] = [textAt(told, 'bk'), textAt(told, 'eb'), textAt(told, 'nb')];
    const [key, theirs] = [fromB64u(bk ?? '', 32), fromB64u(eb ?? '', 32)];
    const box = fromB64u(textAt(told, 's') ?? '', 64);
    if (bk === undefined || eb === undefined || nb === undefined || !key || !theirs || !box) {
      throw new BoxRefusal(502, 'CLIENT_NONCE_MALFORMED');
    }
    // Before anything of ours is signed: only the box that our code named gets a proof (A2).
    if (!equal(boxKeyHash(key), this.#options.boxKeyHash)) throw problem('BOX_OTHER_KEY');
    const bytes = await this.#signedByBox(key, { bk, ...start, eb, nb }, box);
    const shared = agree(pair.secret, theirs);
    if (!bytes || !shared) throw problem('BOX_OTHER_KEY');
    const s = toB64u(await signer.sign('swarm-auth-v1', bytes));
    const id = textAt(await this.#post('/v1/session', { nb, s }, signal), 'id');
    if (id === undefined) throw new BoxRefusal(502, 'CLIENT_SESSION_MALFORMED');
    return { id, key: sessionKey(shared, bytes), counter: 0 };
  }

  /** The transcript that the box signed, with the one thing that only it knows (A3). */
  async #signedByBox(
    key: Uint8Array,
    fields: Omit<Parameters<typeof transcript>[0], 't'>,
    signature: Uint8Array,
  ): Promise<Uint8Array | undefined> {
    for (const t of this.#options.bindings) {
      const bytes = transcript({ ...fields, t });
      const isBox = await verifyBlob(this.#options.engine, 'parley-box-v1', key, bytes, signature);
      if (isBox) return bytes;
    }
    return undefined;
  }

  #proven(open: Open, question: Question): Question {
    const body = question.body ?? new Uint8Array();
    const { counter, mac } = this.#proof(open, question.method, question.path, body);
    return {
      ...question,
      headers: {
        ...question.headers,
        'parley-session': open.id,
        'parley-counter': String(counter),
        'parley-mac': mac,
      },
    };
  }

  #proof(open: Open, method: string, path: string, body: Uint8Array) {
    const counter = (open.counter += 1);
    return { counter, mac: toB64u(requestMac(open.key, { method, path, body, counter })) };
  }

  async #post(path: string, body: Record<string, string>, signal: AbortSignal): Promise<unknown> {
    const question = { method: 'POST', path, body: utf8(encode(body)), signal } as const;
    return jsonOf(await this.#options.open.ask(question));
  }
}
