import { request } from 'node:https';
import { deviceFingerprint } from '#protocol/codec/fingerprint.ts';
import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import { agree, freshPair } from '#protocol/crypto/agreement.ts';
import type { Signer } from '#protocol/crypto/sign.ts';
import { requestMac, sessionKey, transcript } from '#protocol/mission/login.ts';
import type { Post } from '#protocol/mission/founding-post.ts';
import { nodeEngine } from '#kernel/node-engine.ts';
import { paperFounding, type PaperFounding } from './founders.ts';
import { foundPost } from './swarm-box.ts';

/** What a box answered. */
export interface WireAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
  /** The code of a refusal; '' for anything else. */
  code: string;
}

/** One request to a running box, from one of this machine's many loopback addresses. */
export function askBox(
  origin: string,
  method: string,
  path: string,
  body?: Uint8Array | object | string,
  headers: Readonly<Record<string, string>> = {},
  localAddress = '127.0.0.1',
): Promise<WireAnswer> {
  const bytes = body instanceof Uint8Array || typeof body === 'string' ? body : text(body);
  const type = { 'content-type': 'application/json', ...headers };
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ host: hostname, port, method, path, headers: type, localAddress },
        ...{ rejectUnauthorized: false, agent: false },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const whole = Buffer.concat(chunks);
          const { statusCode: status = 0, headers: all } = answer;
          resolve({ status, headers: all, body: whole, code: codeOf(whole) });
        });
      },
    );
    sent.on('error', reject);
    sent.end(bytes);
  });
}

function text(body: object | undefined): string {
  return body === undefined ? '' : JSON.stringify(body);
}

function codeOf(body: Buffer): string {
  try {
    return (JSON.parse(body.toString()) as { code?: string }).code ?? '';
  } catch {
    // A pack or a page.
    return '';
  }
}

/** A device that speaks to a running box with nothing between, honestly or not. */
export class WireDevice {
  readonly signer: Signer;
  readonly dfp: string;
  readonly #origin: string;
  readonly #cid: string;
  #counter = 0;
  #session: { id: string; key: Uint8Array } | undefined;

  constructor(origin: string, cid: string, signer: Signer) {
    this.#origin = origin;
    this.#cid = cid;
    this.signer = signer;
    this.dfp = deviceFingerprint(signer.publicKey);
  }

  async logIn(): Promise<this> {
    const pair = freshPair(nodeEngine);
    const nc = toB64u(nodeEngine.random(32));
    const start = { c: this.#cid, d: this.dfp, ec: toB64u(pair.publicKey), nc };
    const begun = await askBox(this.#origin, 'POST', '/v1/nonce', start);
    const { bk, eb, nb } = JSON.parse(begun.body.toString()) as Record<'bk' | 'eb' | 'nb', string>;
    const bytes = transcript({ bk, ...start, eb, nb, t: 'tls-blind' });
    const s = toB64u(await this.signer.sign('swarm-auth-v1', bytes));
    const done = await askBox(this.#origin, 'POST', '/v1/session', { nb, s });
    const { id } = JSON.parse(done.body.toString()) as { id: string };
    const shared = agree(pair.secret, fromB64u(eb, 32) ?? new Uint8Array(32));
    this.#session = { id, key: sessionKey(shared ?? new Uint8Array(32), bytes) };
    return this;
  }

  /** Headers that prove one request; `session` may name another one's. */
  proof(
    method: string,
    path: string,
    body: Uint8Array = new Uint8Array(),
    { counter = this.#counter++, session = this.sessionId } = {},
  ): Record<string, string> {
    if (!this.#session) throw new Error('not logged in');
    const mac = requestMac(this.#session.key, { method, path, body, counter });
    return {
      'parley-session': session,
      'parley-counter': String(counter),
      'parley-mac': toB64u(mac),
    };
  }

  get sessionId(): string {
    return this.#session?.id ?? '';
  }

  /** A proven request with these bytes. */
  ask(method: string, path: string, body: Uint8Array = new Uint8Array()): Promise<WireAnswer> {
    const type = { 'content-type': 'application/octet-stream' };
    const headers = { ...type, ...this.proof(method, path, body) };
    return askBox(this.#origin, method, path, body, headers);
  }
}

/**
 * Two parties found a mission on a running box; their leads' devices, logged in.
 * `meanwhile` is what strangers do once the first party has committed itself.
 */
export async function foundOverWire(
  origin: string,
  meanwhile: (paper: PaperFounding) => Promise<void> = () => Promise.resolve(),
): Promise<{ paper: PaperFounding; cid: string; red: WireDevice; blue: WireDevice }> {
  const paper = await paperFounding(2);
  const must = async (path: string, body: object): Promise<void> => {
    const { status, code } = await askBox(origin, 'POST', path, body);
    if (status !== 200) throw new Error(`${path}: ${status} ${code}`);
  };
  await must('/v1/founding', paper.opening);
  const say = async (post: Post): Promise<void> =>
    must('/v1/founding/posts', await paper.entry(post));
  await say(await paper.commit(0));
  await meanwhile(paper);
  await say(await paper.commit(1));
  for (const i of [0, 1]) await say(await paper.reveal(i));
  for (const i of [0, 1]) await say(await foundPost(paper, i));
  const told = await askBox(origin, 'GET', '/v1/box');
  const { mission: cid = '' } = JSON.parse(told.body.toString()) as { mission?: string };
  const [red, blue] = await Promise.all(
    paper.founders.map(({ device }) => new WireDevice(origin, cid, device).logIn()),
  );
  if (!red || !blue) throw new Error('there are two founders');
  return { paper, cid, red, blue };
}
