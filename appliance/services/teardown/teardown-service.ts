import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import type { Route } from '#kernel/route.ts';
import { Scope } from '#kernel/scope.ts';
import { Serial } from '#kernel/serial.ts';
import type { DataClaim, Health, Service } from '#kernel/service.ts';
import type { MissionReplica } from '#protocol/admit/replica.ts';
import { toBase64 } from '#protocol/codec/text-form.ts';
import type { Signer } from '#protocol/crypto/sign.ts';
import type { FileHashes } from '#protocol/ports.ts';
import { excusedUnits, isCloseFinal } from '#protocol/state/end.ts';
import type { FilesService } from '../files/index.ts';
import type { SwarmService } from '../swarm/index.ts';
import type { TeardownConfig } from './config.ts';
import { endRoutes, type EndState } from './end-routes.ts';
import {
  countedReceipts,
  maySeal,
  mayWipe,
  removalsOf,
  stepOf,
  waitedFor,
  type IsTrue,
} from './plan.ts';
import { RecordFile, type Proposed } from './record/record-file.ts';
import { RecordMaker } from './record/record-maker.ts';
import { Seal, type Sealed } from './record/seal.ts';
import { TrueReceipts } from './record/true-receipts.ts';
import { Waiting } from './waiting.ts';
import { certificateName, readCertificate } from './wipe/certificate.ts';
import { journalName, journalOf } from './wipe/journal.ts';

/** What the service is built from. */
export interface TeardownServiceDeps {
  swarm: SwarmService;
  /** Undefined on a box that keeps no files. */
  files: FilesService | undefined;
  /** Absolute path of something below the data directory. */
  path(below: string): string;
  /** Signs as the box. */
  signer: Signer;
  /** What all services keep on the disk; asked when the wipe is decided. */
  claims(): readonly DataClaim[];
  /** Called once when the wipe is decided and written down; everything has to stop then. */
  onDecided(): void;
  /** Where the built app lies, and the offline reader in it. */
  bundleDirectory: string;
  hashes: FileHashes;
  clock: Clock;
  log: Logger;
}

const lookEveryMs = 1_000;

/** Seals the mission, makes its record, waits for the receipts, and decides the wipe. */
export class TeardownService implements Service {
  readonly name = 'teardown';
  readonly needs: readonly string[];
  readonly claims: readonly DataClaim[] = [
    { path: 'mission/record', kind: 'data', atTeardown: 'wipe' },
    // The journal goes by itself as the very last; the certificate outlives everything.
    { path: journalName, kind: 'data', atTeardown: 'keep' },
    { path: certificateName, kind: 'data', atTeardown: 'keep' },
  ];
  /** All doors. */
  readonly routes: readonly Route[];
  readonly #deps: TeardownServiceDeps;
  readonly #seal: Seal;
  readonly #file: RecordFile;
  readonly #maker: RecordMaker;
  readonly #receipts: TrueReceipts;
  readonly #waiting: Waiting;
  readonly #turn = new Serial();
  #scope: Scope | undefined;
  #coming: Promise<void> | undefined;
  #certificate: Uint8Array | undefined;
  #hasTrouble = false;
  #isDecided = false;

  constructor(deps: TeardownServiceDeps, config: TeardownConfig) {
    const { swarm, files, path, signer, bundleDirectory, hashes, clock, log } = deps;
    const directory = path('mission/record');
    this.#deps = deps;
    this.needs = files ? ['swarm', 'files'] : ['swarm'];
    this.#seal = new Seal({ swarm, files, directory, bundleDirectory });
    this.#file = new RecordFile(directory, hashes);
    const [seal, file] = [this.#seal, this.#file];
    this.#maker = new RecordMaker({ swarm, files, seal, file, signer, clock, log });
    this.#receipts = new TrueReceipts(this.#file, hashes);
    this.#waiting = new Waiting(path('mission/record/waited.json'), clock);
    this.routes = endRoutes({
      state: () => this.state(),
      record: () => this.#maker.proposed,
      open: () => this.#file.open(),
      later: () => this.#later(),
      certificate: () => this.#certificate,
      downloadsPerDeviceCount: config.downloadsPerDeviceCount,
    });
  }

  /** How far the end is, as the doors tell it. */
  state(): EndState {
    const mission = this.#deps.swarm.mission();
    const state = mission?.view().state;
    const { proposed, progress } = this.#maker;
    const waited = this.#waiting.seconds;
    const step = stepOf(state, this.#seal.sealed !== undefined, proposed !== undefined);
    if (!state || !proposed) {
      return { step, ...(step === 'building' && progress && { build: progress }), waited };
    }
    return { step, record: proposed, waited, waits: waitedFor(state, proposed, this.#isTrue) };
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#scope) return;
    signal.throwIfAborted();
    const { swarm, path } = this.#deps;
    await this.#seal.open(swarm.cid());
    await this.#waiting.open();
    this.#certificate = await readCertificate(path);
    signal.throwIfAborted();
    const scope = new Scope();
    scope.defer(swarm.events.on('head', () => void this.look()));
    scope.every(lookEveryMs, () => void this.look());
    this.#scope = scope;
    void this.look();
  }

  /** Reading goes on: every party fetches the record while nothing else is taken. */
  async quiesce(): Promise<void> {}

  async stop(): Promise<void> {
    const scope = this.#scope;
    this.#scope = undefined;
    await scope?.[Symbol.asyncDispose]();
    await this.#turn.run(() => Promise.resolve());
    await this.#maker.settled();
    if (scope) await this.#waiting.keep();
  }

  health(): Health {
    if (!this.#scope)
      return { status: 'failed', says: 'Nobody looks after the end of the mission.' };
    if (this.#hasTrouble || this.#maker.isFailing) {
      return { status: 'degraded', says: 'The record could not be made; it is tried again.' };
    }
    const says = {
      open: 'No end was decided.',
      sync: 'The mission is closed; the devices send their last.',
      building: 'The record is being made.',
      ready: 'The record is there; the parties fetch it and sign for it.',
      wiped: 'The mission is wiped.',
    };
    return { status: 'ok', says: says[this.state().step] };
  }

  /** Compares what was said in the mission with what the box has done, and does what is next. */
  look(): Promise<void> {
    this.#coming ??= this.#turn.run(async () => {
      this.#coming = undefined;
      try {
        await this.#step();
        this.#hasTrouble = false;
      } catch (error) {
        this.#hasTrouble = true;
        this.#deps.log.error({ err: error }, 'the end of the mission did not go on');
      }
    });
    return this.#coming;
  }

  async #step(): Promise<void> {
    const scope = this.#scope;
    const mission = this.#deps.swarm.mission();
    if (!scope || !mission?.cid || this.#isDecided) return;
    await this.#waiting.look(isCloseFinal(mission.view().state));
    const isReady = (): boolean => maySeal(mission.view().state, this.#waiting.seconds);
    if (!this.#seal.sealed && isReady()) await this.#seal.close(mission.cid, isReady);
    const { sealed } = this.#seal;
    if (!sealed) return;
    this.#maker.begin(sealed, scope.signal, () => void this.look());
    const { proposed } = this.#maker;
    if (!proposed) return;
    await this.#receipts.look(mission, proposed);
    if (this.#mayWipe(mission, proposed)) await this.#decide(mission, sealed, proposed);
  }

  readonly #isTrue: IsTrue = (receipt) => this.#receipts.has(receipt);

  #mayWipe(mission: MissionReplica, proposed: Proposed): boolean {
    return mayWipe(mission.view().state, proposed, this.#isTrue, this.#waiting.seconds);
  }

  /**
   * Writes down that the mission will be wiped, while nothing is stored: no dispute that the box
   * has taken comes too late.
   */
  async #decide(mission: MissionReplica, sealed: Sealed, proposed: Proposed): Promise<void> {
    const { swarm, path, claims, onDecided, log } = this.#deps;
    await swarm.end(async () => {
      if (!this.#mayWipe(mission, proposed)) return false;
      const { state } = mission.view();
      const { h, r } = proposed;
      const receipts = countedReceipts(state, proposed, this.#isTrue).map(({ by }) => by);
      const commits = (this.#later(sealed) ?? []).map(toBase64);
      const findings = { cid: sealed.cid, commits, excused: excusedUnits(state), h, r, receipts };
      await journalOf(path).write({ v: 1, step: 'decided', ...removalsOf(claims()), findings });
      this.#isDecided = true;
      return true;
    });
    if (!this.#isDecided) return;
    log.info({}, 'every receipt is there: the mission is wiped now');
    onDecided();
  }

  #later(sealed = this.#seal.sealed): Uint8Array[] | undefined {
    const [mission] = sealed?.swarms ?? [];
    return mission && this.#deps.swarm.missionSince(mission);
  }
}
