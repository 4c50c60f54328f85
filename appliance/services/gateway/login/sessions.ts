import type { BoxIdentity } from '#kernel/box-identity.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Caller } from '#kernel/route.ts';
import { equal } from '#protocol/codec/bytes.ts';
import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import { agree, freshPair } from '#protocol/crypto/agreement.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import { requestMac, sessionKey, transcript, type LoginStart } from '#protocol/mission/login.ts';
import type { Engine } from '#protocol/ports.ts';
import type { Mission, MissionDevice } from '../box-routes.ts';
import type { GatewayCode } from '../errors.ts';
import type { Proofs, ProvenAccess } from '../mounting.ts';
import type { WebHead, WebRequest } from '../web-server.ts';
import { BoundedMap } from './bounded-map.ts';
import { PendingLogins } from './pending-logins.ts';
import { ReplayWindow } from './replay-window.ts';

/** What the sessions are built from. */
export interface SessionsDeps {
  identity: BoxIdentity;
  mission: Mission;
  engine: Engine;
  clock: Clock;
}

/** Bounds; see config.ts for the attacks. */
export interface SessionLimits {
  maxSessionsCount: number;
  maxNoncesPerAddressCount: number;
}

/** The box's half of a login (A2). */
export interface BoxAnswer {
  bk: string;
  eb: string;
  nb: string;
  s: string;
}

interface Session {
  device: string;
  key: Uint8Array;
  window: ReplayWindow;
}

/** Tabs and restarts of one device; its oldest goes, so that no device crowds out others. */
const maxPerDeviceCount = 16;

/**
 * Logins and sessions (A1–A4). Lives as long as the process, not as long as the
 * gateway, so that a restart of the web server logs nobody out. Keys are in
 * memory only. Rights are asked of the mission each time: they end at once.
 */
export class Sessions implements Proofs {
  readonly #deps: SessionsDeps;
  readonly #pending: PendingLogins;
  readonly #open: BoundedMap<Session>;

  constructor(deps: SessionsDeps, limits: SessionLimits) {
    this.#deps = deps;
    this.#pending = new PendingLogins(limits.maxNoncesPerAddressCount, deps.clock);
    this.#open = new BoundedMap(limits.maxSessionsCount);
  }

  /**
   * First half of a login: the box signs both nonces and its fresh key. A device of a party that
   * is out may log in as well; its session opens `entitled` doors only.
   */
  async begin(start: LoginStart, address: string): Promise<BoxAnswer | { code: GatewayCode }> {
    const { identity, mission, engine } = this.#deps;
    const ec = fromB64u(start.ec, 32);
    if (start.c !== mission.cid() || !mission.former(start.d) || !ec) return refused;
    const nonce = engine.random(32);
    const pair = freshPair(engine, nonce, ec);
    const shared = agree(pair.secret, ec);
    if (!shared) return refused;
    const bk = toB64u(identity.publicKey);
    const eb = toB64u(pair.publicKey);
    const nb = toB64u(nonce);
    // The box is reached through a certificate that nobody vouches for (A3).
    const bytes = transcript({ bk, ...start, eb, nb, t: 'tls-blind' });
    const signature = await identity.sign('parley-box-v1', bytes);
    const login = { device: start.d, transcript: bytes, sessionKey: sessionKey(shared, bytes) };
    this.#pending.add(nb, address, login);
    return { bk, eb, nb, s: toB64u(signature) };
  }

  /** Second half: the device has signed the same bytes; a session begins. */
  async finish(
    answer: { nb: string; s: string },
    address: string,
  ): Promise<{ id: string } | { code: GatewayCode }> {
    const { mission, engine } = this.#deps;
    const login = this.#pending.take(answer.nb, address);
    if (!login) return { code: 'GATEWAY_NONCE_UNKNOWN' };
    const device = mission.former(login.device);
    const signature = fromB64u(answer.s, 64);
    if (!device || !signature) return refused;
    const bytes = login.transcript;
    const isSigned = await verifyBlob(engine, 'swarm-auth-v1', device.key, bytes, signature);
    if (!isSigned) return refused;
    const id = toB64u(engine.random(16));
    const mine = this.#open.keysWhere((session) => session.device === login.device);
    for (const old of mine.slice(0, mine.length - maxPerDeviceCount + 1)) this.#open.take(old);
    const window = new ReplayWindow();
    this.#open.set(id, { device: login.device, key: login.sessionKey, window });
    return { id };
  }

  knows(head: WebHead, access: ProvenAccess): boolean {
    const session = this.#open.get(head.headers['parley-session'] ?? '');
    return session !== undefined && this.#person(session.device, access) !== undefined;
  }

  prove(request: WebRequest, access: ProvenAccess): Caller | { code: GatewayCode } {
    const { headers, method, target, body } = request;
    const id = headers['parley-session'] ?? '';
    const proof = { counter: headers['parley-counter'] ?? '', mac: headers['parley-mac'] ?? '' };
    return this.#check(id, proof, { method, path: target, body }, access);
  }

  /** MQTT's half of A4: password `<counter>.<mac>` over method `MQTT` and path = client id. */
  verify(clientId: string, username: string, password: Uint8Array): { device: string } | undefined {
    if (password.length > 100) return undefined;
    const [counter = '', mac = ''] = Buffer.from(password).toString('latin1').split('.');
    if (this.#open.get(username)?.device !== clientId) return undefined;
    const what = { method: 'MQTT', path: clientId, body: new Uint8Array() };
    const caller = this.#check(username, { counter, mac }, what, 'signed');
    return 'code' in caller ? undefined : { device: caller.device };
  }

  #check(
    id: string,
    proof: { counter: string; mac: string },
    what: { method: string; path: string; body: Uint8Array },
    access: ProvenAccess,
  ): Caller | { code: GatewayCode } {
    const session = this.#open.get(id);
    const device = session && this.#person(session.device, access);
    if (!session || !device) return { code: 'GATEWAY_SESSION_UNKNOWN' };
    const counter = /^(0|[1-9]\d{0,15})$/.test(proof.counter) ? Number(proof.counter) : -1;
    const mac = fromB64u(proof.mac, 32);
    // The MAC first: a stranger must not use up counters of the device.
    if (!mac || !session.window.isFresh(counter)) return unproven;
    if (!equal(mac, requestMac(session.key, { ...what, counter }))) return unproven;
    session.window.use(counter);
    this.#open.set(id, session);
    return { device: session.device, member: device.member, party: device.party };
  }

  #person(device: string, access: ProvenAccess): MissionDevice | undefined {
    const { mission } = this.#deps;
    return access === 'entitled' ? mission.former(device) : mission.device(device);
  }
}

const refused = { code: 'GATEWAY_LOGIN_REFUSED' } as const;
const unproven = { code: 'GATEWAY_REQUEST_UNPROVEN' } as const;
