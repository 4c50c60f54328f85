import { utf8 } from '#protocol/codec/bytes.ts';
import { deviceFingerprint } from '#protocol/codec/fingerprint.ts';
import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import { agree, freshPair } from '#protocol/crypto/agreement.ts';
import { seedSigner, type Signer } from '#protocol/crypto/sign.ts';
import { requestMac, sessionKey, transcript } from '#protocol/mission/login.ts';
import { nodeEngine } from '#kernel/node-engine.ts';
import { cid, type GatewayBox, type Reply } from './gateway-box.ts';

/** A device that logs in over HTTP, honestly or as an attack wants it. */
export class GatewayDevice {
  readonly signer: Signer = seedSigner(nodeEngine.random(32));
  readonly dfp = deviceFingerprint(this.signer.publicKey);
  readonly #box: GatewayBox;
  #counter = 0;
  session: { id: string; key: Uint8Array } | undefined;

  constructor(box: GatewayBox) {
    this.#box = box;
    box.devices.set(this.dfp, { key: this.signer.publicKey, member: 'anna', party: 'red' });
  }

  /** First half; returns what the second needs. */
  async begin(): Promise<{ reply: Reply; nb: string; bytes: Uint8Array; key: Uint8Array }> {
    const pair = freshPair(nodeEngine);
    const nc = toB64u(nodeEngine.random(32));
    const start = { c: cid, d: this.dfp, ec: toB64u(pair.publicKey), nc };
    const reply = await this.post('/v1/nonce', start);
    const { bk = '', eb = '', nb = '' } = reply.json() as Record<string, string>;
    const bytes = transcript({ bk, ...start, eb, nb, t: 'tls-blind' });
    const shared = agree(pair.secret, fromB64u(eb, 32) ?? new Uint8Array(32));
    return { reply, nb, bytes, key: sessionKey(shared ?? new Uint8Array(32), bytes) };
  }

  /** Second half with a signature over these bytes. */
  async finish(nb: string, bytes: Uint8Array, signer = this.signer): Promise<Reply> {
    return this.post('/v1/session', { nb, s: toB64u(await signer.sign('swarm-auth-v1', bytes)) });
  }

  async logIn(): Promise<this> {
    const { nb, bytes, key } = await this.begin();
    const id = (await this.finish(nb, bytes)).json()['id'];
    if (typeof id !== 'string') throw new Error('the login was refused');
    this.session = { id, key };
    return this;
  }

  /** Headers of the next signed request, or of one with this counter. */
  headers(
    method: string,
    path: string,
    body: Uint8Array,
    counter = this.#counter++,
  ): Record<string, string> {
    if (!this.session) throw new Error('not logged in');
    const mac = requestMac(this.session.key, { method, path, body, counter });
    return {
      'parley-session': this.session.id,
      'parley-counter': String(counter),
      'parley-mac': toB64u(mac),
    };
  }

  /** A signed request. */
  ask(method: string, path: string, body: Uint8Array = new Uint8Array()): Promise<Reply> {
    return this.#box.ask(method, path, { headers: this.headers(method, path, body), body });
  }

  /** An MQTT login: user name and password. */
  mqttPassword(counter: number): Uint8Array {
    const mac = this.headers('MQTT', this.dfp, new Uint8Array(), counter)['parley-mac'];
    return utf8(`${counter}.${mac}`);
  }

  private post(path: string, body: object): Promise<Reply> {
    const headers = { 'content-type': 'application/json' };
    return this.#box.ask('POST', path, { headers, body: JSON.stringify(body) });
  }
}
