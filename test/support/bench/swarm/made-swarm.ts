import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Replica } from '#protocol/admit/replica.ts';
import { gitObject, type GitObject } from '#protocol/pack/object.ts';
import { missionReplica, roomReplica } from '#protocol/admit/replica.ts';
import { toHex } from '#protocol/codec/text-form.ts';
import type { SwarmState } from '#protocol/state/swarm-state.ts';
import { GitRepositories } from '../../../../appliance/services/swarm/isomorphic-git-repository.ts';
import { seedOf } from '../../people.ts';
import { nodeEngine } from '../../protocol-ports.ts';
import type { SimDevice } from '../../swarm-simulator/device.ts';
import { further } from '../../swarm-simulator/mission.ts';
import { roomOf } from '../../swarm-simulator/room.ts';
import { HistoryMaker } from './history-maker.ts';
import { Story } from './story.ts';

/** Who founds and joins: two people for each of five parties. */
const people = ['red', 'blue', 'green', 'grey', 'teal'].flatMap((party) => [
  `ada@${party}`,
  `ben@${party}`,
]);
/** Devices of each person, all of which write. */
const devicesEach = 5;

/** What is known of a made swarm beside its repositories; secrets are hex. */
export interface MadeSwarm {
  /** Cids. */
  mission: string;
  room: string;
  /** Commits of the conversation, messages among them, and bytes of their texts. */
  commits: number;
  messages: number;
  textBytes: number;
  /** A device that has never written, of somebody inside, with fresh storage. */
  reader: {
    dfp: string;
    mfp: string;
    pfp: string;
    device: string;
    agreement: string;
    member: string;
    inbox: string;
  };
  /** The newest message. */
  newest: string;
  /** Raw commits of both and sealed profiles, base64, in the order in which they came in. */
  history: { mission: string[]; room: string[]; blobs: string[] };
}

/** A swarm of so many commits, below `build/` so that it is made once; its box's store beside it. */
export async function madeSwarm(
  commits: number,
  seed: number,
): Promise<{ made: MadeSwarm; store: string }> {
  const root = fileURLToPath(new URL('../../../../build/bench/', import.meta.url));
  const path = join(root, `swarm-${commits}-${seed}`);
  if (!existsSync(path)) {
    const draft = `${path}.draft`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    await make(commits, seed, draft);
    await rename(draft, path);
  }
  const made = JSON.parse(await readFile(join(path, 'made.json'), 'utf8')) as MadeSwarm;
  return { made, store: join(path, 'box') };
}

async function make(commits: number, seed: number, path: string): Promise<void> {
  const sim = await roomOf(people, { prof: 'member' });
  const [first] = sim.people as [SimDevice];
  const writers = [...sim.people];
  for (const person of sim.people) {
    for (let n = 1; n < devicesEach; n += 1) {
      await person.pull(first);
      writers.push(await furtherOf(person, `${person.name} ${n}`, first));
    }
  }
  const readerName = 'ben@red reader';
  const owner = sim.device('ben@red');
  await owner.pull(first);
  const reader = await furtherOf(owner, readerName, first);
  await first.rotate(sim.room);

  const room = sim.of(first);
  const maker = new HistoryMaker(room, first.ring(sim.room), writers, new Story(seed));
  await maker.write(commits);
  const ordered = room.order().shown.filter(({ envelope }) => envelope.k === 'msg');
  const history = {
    mission: rawsOf(first.mission),
    room: rawsOf(room),
    blobs: maker.blobs.map((blob) => Buffer.from(blob).toString('base64')),
  };
  await store(join(path, 'box'), sim.cid, sim.room, history);
  const made: MadeSwarm = {
    mission: sim.cid,
    room: sim.room,
    commits: room.size,
    messages: maker.messages,
    textBytes: maker.textBytes,
    reader: {
      dfp: reader.keys.dfp,
      mfp: reader.keys.mfp,
      pfp: reader.keys.pfp,
      device: toHex(seedOf(`${readerName} d`)),
      agreement: toHex(seedOf(`${readerName} x`)),
      member: toHex(seedOf('ben@red m')),
      inbox: toHex(seedOf('ben@red i')),
    },
    newest: ordered.at(-1)?.sid ?? '',
    history,
  };
  await writeFile(join(path, 'made.json'), JSON.stringify(made));
}

/** Another device, which the one who watches hears of at once. */
async function furtherOf(of: SimDevice, name: string, first: SimDevice): Promise<SimDevice> {
  const made = await further(of, name);
  await first.mission.admit([...made.mission.commits()]);
  return made;
}

function rawsOf<S extends SwarmState>(replica: Replica<S>): string[] {
  return [...replica.commits()].map(({ raw }) => Buffer.from(raw).toString('base64'));
}

/** The history as the box stores it, with a ref for each device. */
async function store(
  directory: string,
  missionCid: string,
  roomCid: string,
  history: MadeSwarm['history'],
): Promise<void> {
  const repositories = new GitRepositories(
    join(directory, 'mission/swarms'),
    join(directory, 'mission/quarantine'),
  );
  await repositories.recover();
  const mission = missionReplica(nodeEngine, missionCid);
  const room = roomReplica(nodeEngine, mission, roomCid);
  await keep(repositories, mission, history.mission, []);
  await keep(repositories, room, history.room, history.blobs);
}

async function keep<S extends SwarmState>(
  repositories: GitRepositories,
  replica: Replica<S>,
  commits: readonly string[],
  blobs: readonly string[],
): Promise<void> {
  const answer = await replica.load(commits.map(bytesOf), blobs.map(bytesOf));
  if (answer.ok.length !== commits.length) throw new Error(JSON.stringify(answer.no.slice(0, 3)));
  const repository = await repositories.open(replica.cid as string);
  const raws = [...replica.commits()].map(({ raw }): GitObject => gitObject('commit', raw));
  await repository.write([...answer.objects, ...raws]);
  const devices = new Set([...replica.commits()].map(({ envelope }) => envelope.d));
  for (const device of devices) {
    const newest = replica.newest(device);
    if (newest) await repository.move(`refs/swarm/dev/${device}`, undefined, newest.oid);
  }
  await repository.show(replica.heads.at(-1)?.oid ?? '');
}

/** Bytes of base64. */
export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
