import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '#kernel/log.ts';
import { nodeEngine } from '#kernel/node-engine.ts';
import { nodeZlib } from '#kernel/node-zlib.ts';
import { genesisTree } from '#protocol/admit/genesis.ts';
import { missionReplica } from '#protocol/admit/replica.ts';
import { parseCommit, payloadOf, serialize } from '#protocol/codec/commit.ts';
import {
  deviceFingerprint,
  memberFingerprint,
  partyFingerprint,
} from '#protocol/codec/fingerprint.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { signable } from '#protocol/crypto/sign.ts';
import { foundingHash } from '#protocol/mission/founding.ts';
import { foundSignature } from '#protocol/mission/founding-steps.ts';
import type { Post } from '#protocol/mission/founding-post.ts';
import { genesisArguments, genesisObject } from '#protocol/mission/genesis.ts';
import { swarmConfig, type SwarmConfig } from '../../appliance/services/swarm/config.ts';
import { GitRepositories } from '../../appliance/services/swarm/isomorphic-git-repository.ts';
import type { Repositories } from '../../appliance/services/swarm/repository.ts';
import { SwarmService } from '../../appliance/services/swarm/swarm-service.ts';
import { Doors } from './doors.ts';
import { FakeClock } from './fake-clock.ts';
import type { Founder, PaperFounding } from './founders.ts';
import { PaperDevice } from './paper-device.ts';

/** A swarm service on a directory of its own, and what a test needs around it. */
export class SwarmBox {
  readonly directory: string;
  readonly clock = new FakeClock();
  readonly boxKey: Uint8Array;
  readonly openingKey = new Uint8Array(16).fill(4);
  readonly #secret: ReturnType<typeof generateKeyPairSync>['privateKey'];
  readonly #config: SwarmConfig;
  readonly #around: (real: Repositories) => Repositories;
  service: SwarmService;
  doors: Doors;

  constructor(
    directory: string,
    config: Partial<SwarmConfig> = {},
    around: (real: Repositories) => Repositories = (real) => real,
  ) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    this.directory = directory;
    this.boxKey = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
    this.#secret = privateKey;
    this.#config = { ...swarmConfig.parse({}), pollMs: 20, ...config };
    this.#around = around;
    this.service = this.#made();
    this.doors = new Doors(this.service.routes);
  }

  async start(): Promise<this> {
    await this.service.start(new AbortController().signal);
    return this;
  }

  /** A new service on the same directory, as after a power cut. */
  async restart(): Promise<void> {
    await this.service.stop();
    this.service = this.#made();
    this.doors = new Doors(this.service.routes);
    await this.start();
  }

  repositoryOf(cid: string): string {
    return join(this.directory, 'mission', 'swarms', `${cid}.git`);
  }

  #made(): SwarmService {
    const path = (below: string): string => join(this.directory, below);
    const real = new GitRepositories(path('mission/swarms'), path('mission/quarantine'));
    const secret = this.#secret;
    return new SwarmService(
      {
        repositories: this.#around(real),
        path,
        boxKey: this.boxKey,
        openingKey: this.openingKey,
        signReceipt: (bytes) =>
          Promise.resolve(new Uint8Array(sign(null, signable('parley-box-v1', bytes), secret))),
        engine: nodeEngine,
        zlib: nodeZlib,
        clock: this.clock,
        log: silentLogger,
      },
      this.#config,
    );
  }
}

/** A directory that is removed by the returned function. */
export async function roomOnDisk(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'parley-swarm-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Everything up to the reveals, through the doors. */
export async function revealAll(box: SwarmBox, paper: PaperFounding): Promise<void> {
  await mustAsk(box, '/v1/founding', paper.opening);
  for (const i of paper.founders.keys()) await post(box, paper, await paper.commit(i));
  for (const i of paper.founders.keys()) await post(box, paper, await paper.reveal(i));
}

/** A party's real `found` commit, on the genesis that everybody computes. */
export async function foundPost(paper: PaperFounding, i: number): Promise<Post> {
  const record = await paper.record();
  const x = genesisArguments(record);
  const { object, th } = genesisTree(x);
  const replica = missionReplica(nodeEngine);
  await replica.admit([genesisObject(x, { oid: object.oid, th })]);
  const { device, party } = paper.founders[i] as Founder;
  const s = await foundSignature(party, foundingHash(record));
  const d = deviceFingerprint(device.publicKey);
  const draft = await replica.propose({ k: 'found', d, seconds: 1_700_000_000, x: { s } });
  if (!draft.ok) throw new Error(`${draft.rule}: ${draft.why}`);
  const signature = await device.sign('git', payloadOf(draft.value));
  const raw = serialize(draft.value, device.publicKey, signature);
  if (!parseCommit(raw).ok) throw new Error('the found commit has no form');
  return { t: 'found', o: toB64u(raw) };
}

/** A whole founding through the doors; the founders' devices, synchronised. */
export async function foundMission(box: SwarmBox, paper: PaperFounding): Promise<PaperDevice[]> {
  await revealAll(box, paper);
  for (const i of paper.founders.keys()) await post(box, paper, await foundPost(paper, i));
  return devicesOf(box, paper);
}

/** The founders' devices, with what the box has of the mission. */
export async function devicesOf(box: SwarmBox, paper: PaperFounding): Promise<PaperDevice[]> {
  const cid = box.service.cid();
  if (cid === undefined) throw new Error('no mission');
  const devices = paper.founders.map(({ device, member, party }) => {
    const caller = {
      member: memberFingerprint(member.publicKey),
      party: partyFingerprint(party.publicKey),
    };
    return new PaperDevice(device, caller, cid, () => box.doors);
  });
  for (const device of devices) await device.sync(cid);
  return devices;
}

/** Sends a post of the founding; throws when the box refuses it. */
export async function post(box: SwarmBox, paper: PaperFounding, said: Post): Promise<void> {
  await mustAsk(box, '/v1/founding/posts', await paper.entry(said));
}

async function mustAsk(box: SwarmBox, path: string, body: unknown): Promise<void> {
  const answer = await box.doors.ask('POST', path, { body });
  if (!answer.isFine) throw new Error(`${path}: ${answer.code} ${answer.message}`);
}
