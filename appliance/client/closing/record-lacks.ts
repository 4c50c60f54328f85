import type { Replica } from '#protocol/admit/replica.ts';
import type { RecordCheck } from '#protocol/export/check-record.ts';
import type { Manifest } from '#protocol/export/manifest.ts';
import { isReadyForRecord } from '#protocol/state/end.ts';
import { afterClose } from '#protocol/state/kinds/table.ts';
import { isDeviceEffective, type MissionState } from '#protocol/state/mission-state.ts';
import type { SwarmState } from '#protocol/state/swarm-state.ts';
import type { LocalSwarm } from '../local-swarm.ts';
import type { Rooms } from '../rooms.ts';

/** What a record is held against: what this device has and knows. */
export interface OwnHistory {
  mission: LocalSwarm<MissionState>;
  rooms: Rooms;
  /** The own party's fingerprint. */
  party(): string;
  /** Addresses of files that the box had whole: this device sent or fetched them. */
  filesOnBox(): ReadonlySet<string>;
  /** Mission commits that the box took in since it sealed the record, by sid. */
  sinceSealing(): Promise<ReadonlySet<string>>;
}

/** Whether something is left out that was to be inside (T3), as far as this device can know. */
export async function lacks(
  own: OwnHistory,
  { files }: Manifest,
  check: RecordCheck,
): Promise<boolean> {
  // Sealed before everybody had sent their last: what they still had is not in it.
  if (!isReadyForRecord(check.mission.view().state)) return true;
  const addresses = new Set(files.map(([address]) => address));
  if ([...own.filesOnBox()].some((address) => !addresses.has(address))) return true;
  if (isClaimUnmet(own, check)) return true;
  const rooms = own.rooms.all().map(({ room }) => room);
  if (rooms.some(({ cid, swarm }) => missingIn(swarm, check.rooms.get(cid)).length > 0))
    return true;
  const { mission } = own;
  const late = missingIn(mission, check.mission).filter((sid) => !isOfTheEnd(mission, sid));
  if (late.length === 0) return false;
  // Written before the close by a device that was away, and come after the sealing.
  const since = await own.sinceSealing();
  return late.some((sid) => !since.has(sid));
}

/**
 * Whether a device of the own party has sent more than the record has of it, as it says in its
 * `final`. Of other parties' devices their own leads say so: no stranger's lie keeps one from signing.
 */
function isClaimUnmet({ mission, party }: OwnHistory, check: RecordCheck): boolean {
  const { state } = mission.replica.view();
  const { finals } = state.end;
  const given = new Set([...finals.values()].flatMap(({ up }) => up));
  const ours = [...finals].filter(([device, final]) => {
    const isOurs = final.party === party() && !given.has(device);
    return isOurs && isDeviceEffective(state, device);
  });
  return ours.some(([device, { q }]) =>
    q.some(([cid, last]) => (check.rooms.get(cid)?.newest(device)?.envelope.q ?? -1) < last),
  );
}

/** What this device knows, by the box or for the box, and the record does not. */
function missingIn<S extends SwarmState>(
  { outbox, replica }: LocalSwarm<S>,
  recorded: Replica<S> | undefined,
): string[] {
  return [...replica.commits()]
    .map(({ sid }) => sid)
    .filter((sid) => !outbox.isPending(sid) && recorded?.has(sid) !== true);
}

/** Whether a commit is of those by which the mission ends, and knows the close. */
function isOfTheEnd({ replica }: LocalSwarm<MissionState>, sid: string): boolean {
  const op = replica.op(sid);
  const closes = replica.view().state.closed.flatMap((close) => replica.op(close) ?? []);
  return (
    op !== undefined &&
    afterClose.has(op.envelope.k) &&
    closes.some((close) => close !== op && replica.saw(op, close))
  );
}
