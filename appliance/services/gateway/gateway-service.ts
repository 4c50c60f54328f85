import { realpath } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type { Addresses } from '#kernel/addresses.ts';
import type { BoxIdentity } from '#kernel/box-identity.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import { systemCode } from '#kernel/refusal.ts';
import { Scope } from '#kernel/scope.ts';
import type { BoxHealth, DataClaim, Health, Service } from '#kernel/service.ts';
import { AddressRates } from './address-rates.ts';
import { boxRoute, healthRoute, type Mission } from './box-routes.ts';
import type { GatewayConfig } from './config.ts';
import { refusal, type GatewayCode } from './errors.ts';
import { plainHeaders, preflightHeaders, protectedHeaders } from './headers.ts';
import { loginRoutes } from './login/routes.ts';
import type { Sessions } from './login/sessions.ts';
import { mounted, type Mount, type Proofs } from './mounting.ts';
import { plainRoutes } from './plain/routes.ts';
import type { ServerRefusal, WebReply, WebRoute, WebServer, WebServerSetup } from './web-server.ts';

/** What the gateway is built from. */
export interface GatewayServiceDeps {
  createServer(setup: WebServerSetup): Promise<WebServer>;
  identity: BoxIdentity;
  addresses: Addresses;
  /** Mission and logins; absent when a mission was wiped and nobody can log in any more. */
  people?: { mission: Mission; sessions: Sessions };
  health(): BoxHealth;
  /** The doors of the other services. */
  mounts: readonly Mount[];
  /** Takes WebSockets that speak MQTT; absent like `people`. */
  mqtt?: { handle(stream: Duplex, info: { address: string }): void };
  /** Everybody in the network, or only this machine. */
  listen: 'lan' | 'loopback';
  /** Where the built app lies; may be a link, which is followed once at start. */
  bundleDirectory: string;
  clock: Clock;
  log: Logger;
}

const dayMs = 24 * 3_600_000;

/** The door for browsers: HTTPS with the app, requests and MQTT; HTTP that explains and leads on. */
export class GatewayService implements Service {
  readonly name = 'gateway';
  readonly needs: readonly string[] = [];
  readonly claims: readonly DataClaim[] = [{ path: 'box', kind: 'secret', atTeardown: 'wipe' }];
  readonly #deps: GatewayServiceDeps;
  readonly #config: GatewayConfig;
  #scope: Scope | undefined;
  #ports = { https: 0, http: 0 };
  #hasApp = false;

  constructor(deps: GatewayServiceDeps, config: GatewayConfig) {
    this.#deps = deps;
    this.#config = config;
  }

  /** Ports in use; 0 while it does not run. */
  get ports(): { https: number; http: number } {
    return this.#ports;
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#scope) return;
    const scope = new Scope();
    try {
      signal.throwIfAborted();
      await this.#deps.identity.renewIfNeeded();
      const root = await this.#findApp();
      this.#hasApp = root !== undefined;
      const secure = await this.#deps.createServer(this.#secureSetup(root));
      scope.defer(() => secure.close());
      const https = await this.#listen(secure, this.#config.httpsPort);
      const plain = await this.#deps.createServer(this.#plainSetup(https));
      scope.defer(() => plain.close());
      const http = await this.#listen(plain, this.#config.httpPort);
      this.#ports = { https, http };
      this.#followAddresses(scope, secure);
      signal.throwIfAborted();
    } catch (error) {
      this.#ports = { https: 0, http: 0 };
      await scope[Symbol.asyncDispose]();
      throw error;
    }
    this.#scope = scope;
  }

  /** Reading goes on, so that every party can still fetch; writing is refused by the services. */
  async quiesce(): Promise<void> {}

  async stop(): Promise<void> {
    const scope = this.#scope;
    this.#scope = undefined;
    this.#ports = { https: 0, http: 0 };
    await scope?.[Symbol.asyncDispose]();
  }

  health(): Health {
    if (!this.#scope) return { status: 'failed', says: 'The web door is closed.' };
    if (!this.#hasApp)
      return { status: 'degraded', says: 'The app is not built; only requests work.' };
    return { status: 'ok', says: 'Browsers can come in.' };
  }

  #secureSetup(root: string | undefined): WebServerSetup {
    const { identity, people, mqtt, clock, log } = this.#deps;
    const config = this.#config;
    const { openRequestsPerMinuteCount: perMinute, openRequestBurstCount: burst } = config;
    const rates = new AddressRates(perMinute, burst, clock);
    const own: Mount = {
      service: { name: this.name, health: () => ({ status: 'ok', says: '' }) },
      routes: [
        healthRoute(this.#deps.health),
        ...(people ? [boxRoute(identity.publicKey, people.mission, clock)] : []),
        ...(people ? loginRoutes(people.sessions) : []),
      ],
    };
    const mounts = [own, ...this.#deps.mounts];
    return {
      tls: identity.tls(),
      limits: config,
      headers: protectedHeaders,
      routes: [
        ...mounts.flatMap((mount) =>
          mounted(mount, { proofs: people?.sessions ?? nobody, rates, log }),
        ),
        ...['/v1/*', '/healthz'].map(preflight),
        ...(root === undefined ? appPaths.map(notBuilt) : []),
      ],
      ...(root === undefined ? {} : { files: { root, appPaths } }),
      ...(mqtt && {
        socket: {
          path: '/mqtt',
          protocol: 'mqtt',
          maxMessageBytes: config.maxMessageBytes,
          open: (stream, info) => mqtt.handle(stream, info),
        },
      }),
      refuse: (why, error) => this.#refuse(why, error),
    };
  }

  #plainSetup(httpsPort: number): WebServerSetup {
    return {
      limits: this.#config,
      headers: plainHeaders,
      routes: plainRoutes(() => httpsPort),
      refuse: (why, error) => this.#refuse(why, error),
    };
  }

  #refuse(why: ServerRefusal, error?: unknown): WebReply {
    if (why === 'broken') this.#deps.log.error({ err: error }, 'the web server failed');
    const [code, status] = refusals[why];
    return refusal(code, status);
  }

  async #listen(server: WebServer, port: number): Promise<number> {
    if (this.#deps.listen === 'loopback') return server.listen('127.0.0.1', port);
    try {
      return await server.listen('::', port);
    } catch (error) {
      // A machine without IPv6.
      if (systemCode(error) !== 'EAFNOSUPPORT' && systemCode(error) !== 'EADDRNOTAVAIL')
        throw error;
      return server.listen('0.0.0.0', port);
    }
  }

  async #findApp(): Promise<string | undefined> {
    try {
      // Followed now: a newer build must not be mixed into a running one.
      return await realpath(this.#deps.bundleDirectory);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  #followAddresses(scope: Scope, server: WebServer): void {
    const { identity, addresses, log } = this.#deps;
    const renew = (): void => {
      identity.renewIfNeeded().then(
        (isNew) => {
          if (!isNew) return;
          server.useCertificate(identity.tls());
          log.info({}, 'new certificate for new addresses');
        },
        (error: unknown) => log.error({ err: error }, 'the certificate could not be renewed'),
      );
    };
    scope.defer(addresses.onChange(renew));
    scope.every(dayMs, renew);
  }
}

const appPaths = ['/', '/j'];

/** Where nobody can log in, nobody can prove anything. */
const nobody: Proofs = {
  knows: () => false,
  prove: () => ({ code: 'GATEWAY_SESSION_UNKNOWN' }),
};

const refusals: Readonly<Record<ServerRefusal, [GatewayCode, number]>> = {
  malformed: ['GATEWAY_REQUEST_MALFORMED', 400],
  'not-found': ['GATEWAY_PATH_UNKNOWN', 404],
  'too-large': ['GATEWAY_BODY_TOO_LARGE', 413],
  type: ['GATEWAY_TYPE_UNKNOWN', 415],
  broken: ['GATEWAY_INTERNAL', 500],
};

function preflight(path: string): WebRoute {
  return {
    method: 'OPTIONS',
    path,
    maxBodyBytes: 0,
    admit: () => undefined,
    handle: async () => ({ status: 204, headers: preflightHeaders, body: '' }),
  };
}

/** Says what is missing, so that nobody looks for a fault in the network. */
function notBuilt(path: string): WebRoute {
  return {
    method: 'GET',
    path,
    maxBodyBytes: 0,
    admit: () => undefined,
    handle: async () => ({
      status: 503,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'The box runs, but its app is not built. Start it with npm start.\n',
    }),
  };
}
