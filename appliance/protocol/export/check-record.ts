import {
  missionReplica,
  roomReplica,
  type MissionReplica,
  type RoomReplica,
} from '../admit/replica.ts';
import { fromUtf8 } from '../codec/bytes.ts';
import type { Engine, FileHashes } from '../ports.ts';
import { recordedBox } from '../state/mission-state.ts';
import { faultOfReceipts } from './check-receipts.ts';
import { checkSwarm } from './check-swarm.ts';
import { called, Faults, type Fault } from './faults.ts';
import { paths } from './paths.ts';
import { hashOf, type OpenRecord } from './read-record.ts';
import { readmeText } from './readme-text.ts';
import type { OnProgress, RecordBytes } from './record-bytes.ts';
import { inPackOrder } from './refs.ts';
import { allowedSigners } from './signers.ts';
import { statusBytes } from './status.ts';

export type { Fault } from './faults.ts';

/** What a check of a record found; the replicas hold what was fine. */
export interface RecordCheck {
  mission: MissionReplica;
  /** Conversations of which at least the beginning is valid, by cid. */
  rooms: ReadonlyMap<string, RoomReplica>;
  /** Commits that are valid. */
  commits: number;
  /** Signatures of commits that were verified, each by the key of its device. */
  signatures: number;
  /** Files whose bytes have their hash. */
  files: number;
  /** Empty if the record is what it says. The first 256. */
  faults: readonly Fault[];
}

/**
 * Checks everything that a record says, trusting nobody: each signature and rule by the ordinary
 * replicas, trees, blobs and bundles by making them anew, roots, status and signers by working them
 * out, files, reader and receipts by hash. Goes on after a fault where that makes sense; never throws
 * for what the record says. `onProgress` hears of bytes.
 */
export async function checkRecord(
  engine: Engine,
  hashes: FileHashes,
  record: OpenRecord,
  onProgress: OnProgress = () => undefined,
): Promise<RecordCheck> {
  const faults = new Faults();
  const sizes = new Map(
    record.manifest.swarms.map(([cid]) => [cid, record.entry(paths.bundle(cid))?.size ?? 0]),
  );
  const fileBytes = record.manifest.files.reduce((sum, [, size]) => sum + size, 0);
  const total = [...sizes.values()].reduce((sum, size) => sum + size, fileBytes);
  let done = 0;
  const check = async (cid: string, replica: MissionReplica | RoomReplica) => {
    const size = sizes.get(cid) ?? 0;
    const onShare = (share: number) => onProgress(done + Math.floor(share * size), total);
    await checkSwarm({ record, cid, replica, faults, onShare });
    done += size;
    await onProgress(done, total);
  };

  const mission = missionReplica(engine, record.cid);
  await check(record.cid, mission);
  const rooms = new Map<string, RoomReplica>();
  for (const [cid] of record.manifest.swarms) {
    if (cid === record.cid) continue;
    const room = roomReplica(engine, mission, cid);
    await check(cid, room);
    if (room.size > 0) rooms.set(cid, room);
  }
  if (mission.size === 0) {
    faults.add('mission-damaged', 'the mission has no valid beginning, so nothing can be judged');
  } else {
    await checkPapers(record, mission, rooms, faults);
    await checkReceipts(engine, record, mission, rooms, faults);
  }
  await checkHashes(hashes, record, faults);
  let files = 0;
  for (const [address] of record.manifest.files) {
    const file = record.file(address) as RecordBytes;
    const before = done;
    const hash = await hashOf(file, hashes, (bytes) => onProgress(before + bytes, total));
    done += file.size;
    if (hash === address) files++;
    else faults.add('file-damaged', `file ${address.slice(0, 8)}… has other bytes than its name`);
  }
  const commits = [mission, ...rooms.values()].reduce((sum, { size }) => sum + size, 0);
  return { mission, rooms, commits, signatures: commits, files, faults: faults.list };
}

/** README, signers and status: one writing each, once the commits are known. */
async function checkPapers(
  record: OpenRecord,
  mission: MissionReplica,
  rooms: ReadonlyMap<string, RoomReplica>,
  faults: Faults,
): Promise<void> {
  if ((await record.text(paths.readme)) !== readmeText) {
    faults.add('readme-differs', 'README.txt has other words');
  }
  const swarms = [mission, ...rooms.values()];
  const lists = swarms.map((replica) => inPackOrder(replica.commits()));
  const signers = fromUtf8(allowedSigners(mission.view().state, lists));
  if ((await record.text(paths.signers)) !== signers) {
    faults.add('signers-differ', 'allowed_signers does not follow from the commits');
  }
  const status = fromUtf8(statusBytes(mission, [...rooms.values()]));
  if ((await record.text(paths.status)) !== status) {
    faults.add('status-differs', 'status.json does not follow from the commits');
  }
}

/** The box's chains; their bytes are part of R, what they say is the box's own word. */
async function checkReceipts(
  engine: Engine,
  record: OpenRecord,
  mission: MissionReplica,
  rooms: ReadonlyMap<string, RoomReplica>,
  faults: Faults,
): Promise<void> {
  const boxKey = recordedBox(mission.view().state);
  for (const [cid] of record.manifest.receipts) {
    const replica = cid === record.cid ? mission : rooms.get(cid);
    const text = await record.text(paths.receipts(cid));
    const has = (sid: string) => replica?.has(sid) === true;
    const why =
      text === undefined
        ? 'they cannot be read'
        : await faultOfReceipts(engine, text, { cid, boxKey, has });
    if (why !== undefined) faults.add('receipts-broken', `receipts of ${called(cid)}: ${why}`);
  }
}

/** What the manifest names by hash beside the files. */
async function checkHashes(
  hashes: FileHashes,
  { entry, manifest }: OpenRecord,
  faults: Faults,
): Promise<void> {
  const hashed = async (path: string) => hashOf(entry(path) as RecordBytes, hashes);
  if (manifest.reader !== undefined && (await hashed(paths.reader)) !== manifest.reader) {
    faults.add('reader-differs', 'reader.html has other bytes than the manifest says');
  }
  for (const [cid, hash] of manifest.receipts) {
    if ((await hashed(paths.receipts(cid))) === hash) continue;
    faults.add('receipts-differ', `receipts of ${called(cid)} have other bytes`);
  }
}
