import { decode, utf8 } from '../bytes/canonical-json.ts';
import { cidOf } from '../bytes/hash.ts';
import { fromB64u } from '../bytes/text-form.ts';
import { MissionCheck } from '../mission/check.ts';
import { attempt, must, refuse } from '../refusal.ts';
import { RoomCheck } from '../room/check.ts';
import { missionFiles } from '../tree/mission-tree.ts';
import { Trees } from '../tree/tree.ts';
import { Faults } from '../verdict.ts';
import { readBundle } from './bundle.ts';
import { digestOf, type Bytes } from './bytes.ts';
import { merkleRoot, readManifest, type Manifest } from './manifest.ts';
import { allowedSigners, missionRow, roomRow, statusText } from './papers.ts';
import { readReceipts } from './receipts.ts';
import { checkObjects, judgeAll, loadCommits, type Loaded } from './swarm.ts';
import { readArchive, type Archive } from './ustar.ts';

/** What was found in a record, or in a bundle alone. */
export interface Findings {
  readonly cid: string;
  readonly faults: Faults;
  readonly mission: MissionCheck | undefined;
  readonly rooms: ReadonlyMap<string, RoomCheck>;
  readonly manifest: Manifest | undefined;
  /** SHA-512 of the whole file, hex. */
  readonly h: string;
  readonly commits: number;
  readonly signatures: number;
  readonly receipts: number;
}

/** Tells how far the work is: a name and a share between 0 and 1. */
export type Progress = (what: string, share: number) => void;

/** Checks everything a record says. Refuses only what is no record at all. */
export function checkRecord(bytes: Bytes, progress: Progress): Findings {
  const files = readArchive(bytes);
  const text = (path: string): Buffer => wholeFile(files, path);
  const manifest = readManifest(text('manifest.json'));
  const faults = new Faults();
  let done = 0;
  const h = digestOf(bytes, (read) => progress('Reading the record', (done += read) / bytes.size));
  checkPaths(files, manifest, faults);
  checkFiles(files, manifest, faults, progress);
  const loaded = new Map<string, Loaded>();
  for (const [cid, { commits, root }] of manifest.swarms) {
    const where = `bundle of ${cid}`;
    const made = attempt(() => loadCommits(readBundle(text(`swarms/${cid}.bundle`)), cid, faults));
    if ('refusal' in made) {
      faults.add(where, made.refusal.rule, made.refusal.message);
      continue;
    }
    loaded.set(cid, made.value);
    const isSame =
      made.value.count === commits && merkleRoot(made.value.commits.map(({ sid }) => sid)) === root;
    if (!isSame) faults.add(where, 'T3', 'its commits are not those the parties agreed to');
  }
  const judged = judgeSwarms(manifest.cid, loaded, faults, progress);
  const { mission, rooms } = judged;
  if (mission !== undefined) {
    checkPapers(files, mission, rooms, loaded, manifest, faults);
  }
  const receipts = checkReceipts(files, manifest, judged, faults);
  return { cid: manifest.cid, faults, manifest, h, receipts, ...judged };
}

/** Checks the bundle of a mission by itself. */
export function checkBundle(bytes: Bytes, progress: Progress): Findings {
  const faults = new Faults();
  const bundle = readBundle(bytes.read(0, bytes.size));
  const loaded = loadCommits(bundle, 'this bundle', faults);
  const genesis = loaded.commits.find(({ envelope }) => envelope.k === 'genesis');
  must(genesis, 'R7', 'the bundle has no genesis that holds');
  const isMission = (genesis.envelope.x ?? {})['parent'] === undefined;
  must(
    isMission,
    'M3',
    'the bundle is of a conversation, which cannot be judged without its mission; give the whole record',
  );
  const cid =
    loaded.commits.find(({ envelope }) => envelope.cid)?.envelope.cid ?? cidOf(genesis.sid);
  const h = digestOf(bytes, () => undefined);
  const judged = judgeSwarms(cid, new Map([[cid, loaded]]), faults, progress);
  return { cid, faults, manifest: undefined, h, receipts: 0, ...judged };
}

interface Judged {
  mission: MissionCheck | undefined;
  rooms: ReadonlyMap<string, RoomCheck>;
  commits: number;
  signatures: number;
}

function judgeSwarms(
  cid: string,
  loaded: ReadonlyMap<string, Loaded>,
  faults: Faults,
  progress: Progress,
): Judged {
  const commits = [...loaded.values()].reduce((sum, { count }) => sum + count, 0);
  let [ticks, signatures] = [0, 0];
  const tick = (): void => progress('Checking commits', ++ticks / (2 * commits));
  const genesisOf = (name: string) => {
    const genesis = loaded.get(name)?.commits.find(({ envelope }) => envelope.k === 'genesis');
    return genesis ?? refuse('R7', 'there is no genesis');
  };
  const trees = new Trees();
  const made = attempt(() => new MissionCheck(cid, genesisOf(cid), trees));
  if ('refusal' in made) {
    faults.add(
      `mission ${cid}`,
      made.refusal.rule,
      `the mission cannot be judged: ${made.refusal.message}`,
    );
    return { mission: undefined, rooms: new Map(), commits, signatures };
  }
  const mission = made.value;
  const own = loaded.get(cid) as Loaded;
  signatures += judgeAll(own, mission, cid, faults, tick);
  checkObjects(own, mission.graph.ops, trees, cid, faults);
  const rooms = new Map<string, RoomCheck>();
  for (const [name, one] of loaded) {
    if (name === cid) continue;
    const room = attempt(
      () => new RoomCheck(name, genesisOf(name), mission, trees, (hash) => one.blobs.get(hash)),
    );
    if ('refusal' in room) {
      faults.add(`conversation ${name}`, room.refusal.rule, room.refusal.message);
      continue;
    }
    signatures += judgeAll(one, room.value, name, faults, tick);
    checkObjects(one, room.value.graph.ops, trees, name, faults);
    rooms.set(name, room.value);
  }
  return { mission, rooms, commits, signatures };
}

function checkPaths(files: Archive, manifest: Manifest, faults: Faults): void {
  const expected = new Set([
    ...['README.txt', 'allowed_signers', 'manifest.json', 'status.json'],
    ...[...manifest.files.keys()].map(pathOfFile),
    ...(manifest.reader === undefined ? [] : ['reader.html']),
    ...[...manifest.receipts.keys()].map((cid) => `receipts/${cid}.log`),
    ...[...manifest.swarms.keys()].map((cid) => `swarms/${cid}.bundle`),
  ]);
  for (const path of files.keys()) {
    if (!expected.delete(path)) faults.add(path, 'T3', 'the file is not in the manifest');
  }
  for (const path of expected) faults.add(path, 'T3', 'the file is missing');
  if (!manifest.swarms.has(manifest.cid))
    faults.add('manifest.json', 'T3', 'the mission itself is missing');
}

function checkFiles(files: Archive, manifest: Manifest, faults: Faults, progress: Progress): void {
  const total = [...manifest.files.values()].reduce((sum, size) => sum + size, 1);
  let done = 0;
  const check = (path: string, sum: string, size?: number): void => {
    const bytes = files.get(path);
    if (bytes === undefined) return;
    const found = digestOf(bytes, (read) =>
      progress('Checking files', Math.min(1, (done += read) / total)),
    );
    const isRight = found === sum && (size === undefined || size === bytes.size);
    if (!isRight) faults.add(path, 'T4', 'its bytes are not those its hash names');
  };
  for (const [hash, size] of manifest.files) check(pathOfFile(hash), hash, size);
  for (const [cid, hash] of manifest.receipts) check(`receipts/${cid}.log`, hash);
  if (manifest.reader !== undefined) check('reader.html', manifest.reader);
}

function checkPapers(
  files: Archive,
  mission: MissionCheck,
  rooms: ReadonlyMap<string, RoomCheck>,
  loaded: ReadonlyMap<string, Loaded>,
  manifest: Manifest,
  faults: Faults,
): void {
  const whole = mission.swarm.whole();
  const rows = [...rooms.values()]
    .sort((a, b) => (a.graph.cid < b.graph.cid ? -1 : 1))
    .map((room) => {
      const view = room.whole();
      return roomRow(view, room.treeOf(view.state).th);
    });
  const tree = new Trees().make(missionFiles(whole.state)).th;
  const status = statusText(manifest.cid, [missionRow(whole, tree), ...rows]);
  const commits = [...loaded.values()].flatMap((one) => one.commits);
  const signers = allowedSigners(whole.state, commits);
  const compare = (path: string, expected: string, why: string): void => {
    const found = attempt(() => utf8(wholeFile(files, path)));
    if (!('value' in found && found.value === expected)) faults.add(path, 'T4', why);
  };
  compare('status.json', status, differences(files, status));
  compare('allowed_signers', signers, 'the keys it lists are not those of the record');
}

/** Says which lines of the status are wrong, since that is what a forged status is about. */
function differences(files: Archive, status: string): string {
  const start = 'it says something else than follows from the commits';
  const found = attempt(() => decode(wholeFile(files, 'status.json')));
  if (!('value' in found)) return start;
  const rows = (text: unknown): Record<string, unknown>[] => {
    const list = (text as { swarms?: unknown } | null)?.swarms;
    return Array.isArray(list) ? (list as Record<string, unknown>[]) : [];
  };
  const mine = rows(JSON.parse(status));
  const theirs = rows(found.value);
  const wrong = mine.flatMap((row, i) =>
    Object.keys(row).filter((key) => JSON.stringify(row[key]) !== JSON.stringify(theirs[i]?.[key])),
  );
  return wrong.length === 0 ? start : `${start}: ${[...new Set(wrong)].join(', ')}`;
}

function checkReceipts(files: Archive, manifest: Manifest, judged: Judged, faults: Faults): number {
  const keys = judged.mission?.swarm.whole().state.boxKeys ?? [];
  const boxKey = keys.length === 1 ? fromB64u(keys[0]) : undefined;
  return [...manifest.receipts.keys()].reduce((sum, cid) => {
    const { mission } = judged;
    const graph = cid === manifest.cid ? mission?.graph : judged.rooms.get(cid)?.graph;
    const path = `receipts/${cid}.log`;
    const read = attempt(() =>
      readReceipts(wholeFile(files, path), cid, boxKey, (sid) => graph?.bySid.has(sid) === true),
    );
    if ('value' in read) return sum + read.value.length;
    faults.add(path, read.refusal.rule, read.refusal.message);
    return sum;
  }, 0);
}

function pathOfFile(hash: string): string {
  return `files/${hash.slice(0, 64)}/${hash.slice(64)}`;
}

/** A file of the archive as a whole; those that are read so are bounded. */
function wholeFile(files: Archive, path: string): Buffer {
  const bytes = files.get(path) ?? refuse('record', `${path} is missing`);
  must(bytes.size <= 1024 ** 3, 'record', `${path} is too large`);
  return bytes.read(0, bytes.size);
}
