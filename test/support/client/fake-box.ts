import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import { agree, freshPair } from '#protocol/crypto/agreement.ts';
import { seedSigner, signBlob } from '#protocol/crypto/sign.ts';
import { requestMac, sessionKey, transcript, type LoginStart } from '#protocol/mission/login.ts';
import type { HttpReply, HttpRequest, Network } from '#client/ports.ts';
import { nodeEngine } from '../../../appliance/terminal/platform/node-engine.ts';

/** The box's half of login and request proofs, in memory, which tests can bend. */
export class FakeBox implements Network {
  readonly origin = 'https://box.test';
  readonly bindings = ['tls-blind', 'tls-ca'] as const;
  readonly seed = nodeEngine.random(32);
  /** The key it claims to be; a test may make it lie. */
  claimedKey = seedSigner(this.seed).publicKey;
  binding: 'tls-blind' | 'tls-ca' | 'http' = 'tls-blind';
  isAway = false;
  /** Logins whose nonce ended before the second half came, as at a box in a rush. */
  lateLogins = 0;
  logins = 0;
  readonly seen: HttpRequest[] = [];
  readonly #keys = new Map<string, Uint8Array>();
  #pending: { bytes: Uint8Array; key: Uint8Array } | undefined;
  readonly #counters = new Set<string>();

  request(request: HttpRequest): Promise<HttpReply> {
    if (this.isAway) return Promise.reject(new Error('no network'));
    this.seen.push(request);
    if (request.path === '/v1/nonce') return this.#json(200, this.#nonce(bodyOf(request)));
    if (request.path === '/v1/session') {
      return this.lateLogins-- > 0
        ? this.#json(403, { code: 'GATEWAY_NONCE_UNKNOWN', message: '' })
        : this.#json(200, this.#open());
    }
    return this.#isProven(request)
      ? this.#json(200, {})
      : this.#json(403, { code: 'GATEWAY_SESSION_UNKNOWN', message: '' });
  }

  /** As after a restart. */
  forgetSessions(): void {
    this.#keys.clear();
  }

  #nonce(start: LoginStart) {
    const pair = freshPair(nodeEngine);
    const fields = {
      bk: toB64u(this.claimedKey),
      eb: toB64u(pair.publicKey),
      nb: toB64u(nodeEngine.random(32)),
    };
    const bytes = transcript({ ...start, ...fields, t: this.binding });
    const shared = agree(pair.secret, fromB64u(start.ec) ?? new Uint8Array());
    this.#pending = { bytes, key: sessionKey(shared ?? new Uint8Array(32), bytes) };
    return { ...fields, s: toB64u(signBlob('parley-box-v1', this.seed, bytes)) };
  }

  #open() {
    const id = toB64u(nodeEngine.random(16));
    this.logins += 1;
    if (this.#pending) this.#keys.set(id, this.#pending.key);
    return { id };
  }

  #isProven(request: HttpRequest): boolean {
    const {
      'parley-session': id = '',
      'parley-counter': n = '',
      'parley-mac': mac,
    } = request.headers ?? {};
    const key = this.#keys.get(id);
    if (!key || this.#counters.has(`${id} ${n}`)) return false;
    this.#counters.add(`${id} ${n}`);
    const { method, path, body = new Uint8Array() } = request;
    return toB64u(requestMac(key, { method, path, counter: Number(n), body })) === mac;
  }

  #json(status: number, value: unknown): Promise<HttpReply> {
    const body = new TextEncoder().encode(JSON.stringify(value));
    return Promise.resolve({ status, headers: {}, body });
  }
}

function bodyOf(request: HttpRequest): LoginStart {
  return JSON.parse(new TextDecoder().decode(request.body)) as LoginStart;
}
