import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { openBoxIdentity, type BoxIdentity } from '#kernel/box-identity.ts';
import { silentLogger } from '#kernel/log.ts';
import { nodeEngine } from '#kernel/node-engine.ts';
import { nodeHashes } from '#kernel/node-hashes.ts';
import type { Caller } from '#kernel/route.ts';
import {
  createFiles,
  filesConfig,
  type FilesService,
} from '../../appliance/services/files/index.ts';
import {
  createSwarm,
  swarmConfig,
  type SwarmService,
} from '../../appliance/services/swarm/index.ts';
import {
  createTeardown,
  teardownConfig,
  wasSealed,
  type TeardownService,
} from '../../appliance/services/teardown/index.ts';
import { Doors, type Answer } from './doors.ts';
import { FakeClock } from './fake-clock.ts';
import { until } from './until.ts';

const { signal: never } = new AbortController();

/** What `/v1/end/state` says. */
export interface EndStateJson {
  step: string;
  build?: { done: number; total: number };
  record?: { h: string; r: string; s: string; size: number };
  waited: number;
  waits?: string[];
}

/** Store, files and teardown of a box on one directory, without a network. */
export class EndBox {
  readonly directory: string;
  readonly clock = new FakeClock();
  readonly identity: BoxIdentity;
  service!: SwarmService;
  files!: FilesService;
  teardown!: TeardownService;
  doors!: Doors;
  /** How often a wipe was decided. */
  decisions = 0;

  private constructor(directory: string, identity: BoxIdentity) {
    this.directory = directory;
    this.identity = identity;
  }

  /** Starts on this directory, which may hold a mission. */
  static async start(directory: string): Promise<EndBox> {
    const addresses = { current: () => [], onChange: () => () => {} };
    const at = join(directory, 'box');
    const identity = await openBoxIdentity(at, 'parley.local', addresses, new FakeClock());
    const box = new EndBox(directory, identity);
    await box.open();
    return box;
  }

  path(below: string): string {
    return join(this.directory, below);
  }

  async open(): Promise<void> {
    const { identity, clock } = this;
    const path = (below: string): string => this.path(below);
    const common = { clock, log: silentLogger, wasSealed: () => wasSealed(path) };
    const swarm = createSwarm(
      { identity, data: { path }, engine: nodeEngine, ...common },
      swarmConfig.parse({ pollMs: 20 }),
    );
    const partiesCount = () => swarm.membership.partiesCount;
    const files = createFiles(
      { path, partiesCount, ...common },
      filesConfig.parse({ keepFreeBytes: 0 }),
    );
    const teardown = createTeardown(
      {
        swarm,
        files,
        path,
        signer: identity,
        claims: () => [
          ...swarm.claims,
          ...files.claims,
          ...teardown.claims,
          { path: 'box', kind: 'secret', atTeardown: 'wipe' },
        ],
        onDecided: () => void this.decisions++,
        bundleDirectory: path('../app'),
        hashes: nodeHashes,
        clock,
        log: silentLogger,
      },
      teardownConfig.parse({}),
    );
    Object.assign(this, { service: swarm, files, teardown });
    this.doors = new Doors([...swarm.routes, ...files.routes, ...teardown.routes]);
    for (const one of [swarm, files, teardown]) await one.start(never);
  }

  async close(): Promise<void> {
    for (const one of [this.teardown, this.files, this.service]) await one.stop();
  }

  /** A new process on the same disk. */
  async restart(): Promise<void> {
    await this.close();
    await this.open();
  }

  async state(caller: Caller): Promise<EndStateJson> {
    return (await this.doors.ask('GET', '/v1/end/state', { caller })).json as EndStateJson;
  }

  /** Waits for a step; the state that said so. */
  reaches(caller: Caller, step: string): Promise<EndStateJson> {
    return until(`the end is at ${step}`, async () => {
      const state = await this.state(caller);
      return state.step === step ? state : undefined;
    });
  }

  /** The record, or the part of it that a range header names. */
  async record(caller: Caller, range?: string): Promise<Answer & { bytes: Uint8Array }> {
    const headers = range === undefined ? {} : { range };
    const answer = await this.doors.ask('GET', '/v1/end/record', { caller, headers });
    const stream = (answer as { stream?: Readable }).stream;
    const bytes = stream ? new Uint8Array(Buffer.concat(await stream.toArray())) : answer.bytes;
    return { ...answer, bytes };
  }

  put(caller: Caller, address: string, bytes: Uint8Array): Promise<Answer> {
    const headers = { 'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}` };
    return this.doors.ask('PUT', `/v1/f/${address}`, { caller, body: bytes, headers });
  }
}
