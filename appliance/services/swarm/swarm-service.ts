import type { Clock } from '#kernel/clock.ts';
import { Events } from '#kernel/events.ts';
import type { Logger } from '#kernel/log.ts';
import type { Route } from '#kernel/route.ts';
import { Scope } from '#kernel/scope.ts';
import type { DataClaim, Health, Service } from '#kernel/service.ts';
import type { SignReceipt } from './receipt-log.ts';
import { H32 } from '#protocol/codec/hash.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import type { MissionReplica } from '#protocol/admit/replica.ts';
import type { Engine, Zlib } from '#protocol/ports.ts';
import { Admission } from './admission.ts';
import { answerCheck, claimCheck } from './claim-check.ts';
import { claimRoutes } from './claim-routes.ts';
import { Claims, isClaimList } from './claims.ts';
import type { SwarmConfig } from './config.ts';
import { durableRecord } from '#kernel/durable-record.ts';
import type { SwarmFacts } from './facts.ts';
import { Founding } from './founding.ts';
import { isFoundingFile } from './founding-file.ts';
import { foundingRoutes } from './founding-routes.ts';
import { linkRoutes } from './link-routes.ts';
import { Links } from './links.ts';
import { Membership } from './membership.ts';
import { missionMaker } from './mission-maker.ts';
import { News } from './news.ts';
import { Pages } from './pages.ts';
import type { Repositories } from './repository.ts';
import type { SealedSource, SealedSwarm } from './sealing.ts';
import { swarmRoutes } from './swarm-routes.ts';
import { Swarms } from './swarms.ts';

/** What the service is built from. */
export interface SwarmServiceDeps {
  repositories: Repositories;
  /** Absolute path of something below the data directory. */
  path(below: string): string;
  /** Raw Ed25519 key of the box, 32 bytes (A1). */
  boxKey: Uint8Array;
  /** 16 bytes from the code on the box's console: who shows them may begin a founding anew. */
  openingKey: Uint8Array;
  signReceipt: SignReceipt;
  /** Whether the mission was sealed before this start; never, when absent. */
  wasSealed?: () => Promise<boolean>;
  engine: Engine;
  zlib: Zlib;
  clock: Clock;
  log: Logger;
}

const sweepEveryMs = 600_000;
const hourMs = 3_600_000;

/** Stores the mission and its conversations, and answers who may do what in them. */
export class SwarmService implements Service {
  readonly name = 'swarm';
  readonly needs: readonly string[] = [];
  readonly claims: readonly DataClaim[] = [
    { path: 'founding', kind: 'data', atTeardown: 'wipe' },
    { path: 'mission/swarms', kind: 'data', atTeardown: 'export-and-wipe' },
    { path: 'mission/receipts', kind: 'data', atTeardown: 'export-and-wipe' },
    { path: 'mission/claims.json', kind: 'data', atTeardown: 'wipe' },
    { path: 'mission/quarantine', kind: 'data', atTeardown: 'wipe' },
  ];
  /** Facts for main.ts to publish. */
  readonly events: Events<SwarmFacts>;
  /** Who may do what, for the other services. */
  readonly membership: Membership;
  /** All doors. */
  readonly routes: readonly Route[];
  readonly #deps: SwarmServiceDeps;
  readonly #news: News;
  readonly #swarms: Swarms;
  readonly #admission: Admission;
  readonly #founding: Founding;
  readonly #claims: Claims;
  readonly #links: Links;
  /** Founders' devices that have come in since the start. */
  readonly #arrived = new Set<string>();
  #scope: Scope | undefined;
  #isClosing = false;

  constructor(deps: SwarmServiceDeps, config: SwarmConfig) {
    const { engine, zlib, clock, log, path } = deps;
    this.#deps = deps;
    this.events = new Events<SwarmFacts>((error) => log.error({ err: error }, 'a listener failed'));
    this.#news = new News(config.maxPollsCount);
    this.#swarms = new Swarms(deps);
    this.membership = new Membership(this.#swarms);
    this.#admission = new Admission(
      { ...deps, swarms: this.#swarms, membership: this.membership, events: this.events },
      config,
    );
    const changed = (): void => this.#news.changed();
    this.events.on('mission', changed);
    this.events.on('head', changed);
    this.#founding = new Founding({
      record: durableRecord(path('founding/founding.json'), isFoundingFile),
      maker: missionMaker(engine, this.#swarms, this.events),
      engine,
      clock,
      openingKey: deps.openingKey,
      idleMs: config.foundingIdleHours * hourMs,
      onChange: changed,
    });
    this.#claims = new Claims({
      record: durableRecord(path('mission/claims.json'), isClaimList),
      clock,
      check: claimCheck(engine, deps.boxKey, this.#swarms),
      checkAnswer: answerCheck(engine),
      isAdmitted: (device) => this.#swarms.mission()?.state.devices.has(device) ?? false,
      onChange: (party) => {
        changed();
        this.events.emit('claim', { party, devices: this.membership.leadDevices(party) });
      },
    });
    this.#links = new Links(clock, toB64u(H32('box-key', deps.boxKey)), changed);
    const doors = {
      membership: this.membership,
      news: this.#news,
      pollMs: config.pollMs,
      clock,
      isClosing: () => this.#isClosing,
    };
    this.routes = [
      ...foundingRoutes({ ...doors, founding: this.#founding }),
      ...claimRoutes({ ...doors, claims: this.#claims }),
      ...linkRoutes({
        ...{ ...doors, engine },
        links: this.#links,
        hasMission: () => this.cid() !== undefined,
      }),
      ...swarmRoutes({
        ...doors,
        swarms: this.#swarms,
        admission: this.#admission,
        pages: new Pages(this.#swarms, zlib),
        onArrival: (device) => void this.#arrive(device),
      }),
    ];
  }

  /** The mission's cid, once it is founded. */
  cid(): string | undefined {
    return this.#swarms.mission()?.cid;
  }

  /** Whether people are founding a mission here at the moment. */
  isFounding(): boolean {
    return this.#founding.isUnderWay;
  }

  /** The mission, once it is founded, for those who judge what was said in it. */
  mission(): MissionReplica | undefined {
    return this.#swarms.missionSwarm?.replica;
  }

  /**
   * Seals the mission (T3): `write` puts down what there is, the mission first, while nothing is
   * stored; when it says that it did, content is refused from then on.
   */
  seal(write: (swarms: SealedSwarm[]) => Promise<boolean>): Promise<void> {
    return this.#swarms.still(async () => {
      const sealed: SealedSwarm[] = [];
      for (const swarm of this.#swarms.all()) sealed.push(await swarm.sealed());
      if (await write(sealed)) this.#admission.restrict('mission');
    });
  }

  /** Runs `write` while nothing is stored; when it says that it did, nothing ever is again. */
  end(write: () => Promise<boolean>): Promise<void> {
    return this.#swarms.still(async () => {
      if (await write()) this.#admission.restrict('nothing');
    });
  }

  /** What a record is made of. Throws when the store has lost something of it. */
  sources(sealed: readonly SealedSwarm[], signal: AbortSignal): Promise<SealedSource[]> {
    return this.#swarms.sources(sealed, signal);
  }

  /** Commits of the mission that came after it was sealed, raw, parents first. */
  missionSince(sealed: SealedSwarm): Uint8Array[] {
    return this.#swarms.missionSwarm?.since(sealed) ?? [];
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#scope) return;
    signal.throwIfAborted();
    if (await this.#deps.wasSealed?.()) this.#admission.restrict('mission');
    await this.#deps.repositories.recover();
    await this.#swarms.load(signal);
    await this.#founding.open();
    await this.#claims.open();
    signal.throwIfAborted();
    this.#isClosing = false;
    const scope = new Scope();
    scope.every(sweepEveryMs, () => this.#admission.sweep());
    this.#scope = scope;
    this.announce();
  }

  /** Tells every head again: after a start of this service, and of the broker, whose memory is gone. */
  announce(): void {
    for (const fact of this.#swarms.heads()) this.events.emit('head', fact);
  }

  async quiesce(): Promise<void> {
    this.#isClosing = true;
    await this.#swarms.settled();
  }

  async stop(): Promise<void> {
    const scope = this.#scope;
    this.#scope = undefined;
    this.#news.release();
    this.#links.clear();
    await this.quiesce();
    await scope?.[Symbol.asyncDispose]();
  }

  health(): Health {
    if (!this.#scope) return { status: 'failed', says: 'The store is not open.' };
    if (this.#swarms.isBroken) {
      return {
        status: 'failed',
        says: 'Writing to the disk failed; what is stored is read again.',
      };
    }
    return { status: 'ok', says: this.cid() ? 'The mission is stored.' : 'No mission yet.' };
  }

  async #arrive(device: string): Promise<void> {
    const parties = this.#swarms.mission()?.state.parties;
    if (!parties || !this.#founding.isKept) return;
    this.#arrived.add(device);
    if (![...parties.values()].every((party) => this.#arrived.has(party.device))) return;
    try {
      await this.#founding.forget();
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'the founding could not be removed');
    }
  }
}
