import type { Clock } from '#kernel/clock.ts';
import type { Events } from '#kernel/events.ts';
import type { Logger } from '#kernel/log.ts';
import type { Caller, RouteReply } from '#kernel/route.ts';
import type { Admission as Verdicts } from '#protocol/admit/admission.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { conversationId } from '#protocol/codec/fingerprint.ts';
import type { Zlib } from '#protocol/ports.ts';
import type { SwarmConfig } from './config.ts';
import { exceedsEnds } from './ends.ts';
import { refuse } from './errors.ts';
import type { SwarmFacts } from './facts.ts';
import { json } from './json-body.ts';
import type { Membership } from './membership.ts';
import { Pace } from './pace.ts';
import { readPush, type Push } from './push.ts';
import { Shares } from './shares.ts';
import type { Taken } from './stored-swarm.ts';
import type { Swarms, AnySwarm } from './swarms.ts';

/** What admission works on. */
export interface AdmissionDeps {
  swarms: Swarms;
  membership: Membership;
  events: Events<SwarmFacts>;
  zlib: Zlib;
  clock: Clock;
  log: Logger;
}

/**
 * Bytes of mission commits after the sealing: the certificate of erasure carries all of them, and no
 * device takes a larger one than 16 MiB. Equal shares, or one party could make it unreadable.
 */
const lateBytes = 6_291_456;

/** Takes packs of devices: from quarantine in memory to an answer about what is on the disk (§11.3). */
export class Admission {
  readonly #deps: AdmissionDeps;
  readonly #pace: Pace;
  readonly #shares: Shares;
  /** By swarm and party: no device could check the record of a swarm that outgrows its memory. */
  readonly #swarmShares: Shares;
  readonly #lateShares = new Shares(lateBytes);
  readonly #maxRoomsCount: number;
  #takes: 'all' | 'mission' | 'nothing' = 'all';

  constructor(deps: AdmissionDeps, config: SwarmConfig) {
    this.#deps = deps;
    this.#pace = new Pace(config, deps.clock);
    this.#shares = new Shares(config.storeBytes);
    this.#swarmShares = new Shares(config.swarmBytes);
    this.#maxRoomsCount = config.maxRoomsCount;
  }

  /**
   * From now on takes commits of the mission only, or nothing at all; in a still moment of the
   * store, so that what waits for its turn is refused as well.
   */
  restrict(to: 'mission' | 'nothing'): void {
    if (this.#takes !== 'nothing') this.#takes = to;
  }

  /** Forgets senders that have been quiet. */
  sweep(): void {
    this.#pace.sweep();
  }

  /** A pack for a swarm that the caller may see; mission commits that it needs may come along (M3). */
  push(caller: Caller, cid: string, pack: Uint8Array): Promise<RouteReply> {
    return this.#guarded(pack, async (push) => {
      const swarm = this.#deps.swarms.get(cid);
      if (!swarm || !this.#deps.membership.maySee(caller.device, cid))
        return refuse('SWARM_UNKNOWN');
      return this.#delay(caller, swarm, push) ?? this.#take(caller, swarm, push);
    });
  }

  /** A pack with the genesis of a new conversation, and what follows. The same again is a push. */
  create(caller: Caller, pack: Uint8Array): Promise<RouteReply> {
    return this.#guarded(pack, async (push) => {
      const { swarms, membership } = this.#deps;
      if (!membership.device(caller.device)) return refuse('SWARM_DEVICE_REMOVED');
      const genesis = push.commits.find(({ envelope }) => envelope.k === 'genesis');
      if (!genesis) return refuse('SWARM_PACK_REFUSED', { rule: 'R7' });
      const cid = conversationId(genesis.sid);
      const known = swarms.get(cid);
      if (known && !membership.maySee(caller.device, cid)) return refuse('SWARM_UNKNOWN');
      if (known) return this.#delay(caller, known, push) ?? this.#take(caller, known, push);
      if (!this.#hasPlaceForRoom(caller.party)) {
        return refuse('SWARM_SHARE_USED', { rule: 'L9', retryAfterSeconds: 3600 });
      }
      // Each room costs a directory, whatever is in it.
      const retryAfterSeconds = this.#pace.waitForRoom(caller.device);
      if (retryAfterSeconds > 0) return refuse('SWARM_TOO_FAST', { rule: 'L5', retryAfterSeconds });
      const room = await swarms.newRoom(cid);
      const late = this.#delay(caller, room, push);
      if (late) return late;
      this.#pace.spendRoom(caller.device);
      return this.#take(caller, room, push);
    });
  }

  /** Conversations beyond what a record holds would keep the mission from ever ending. */
  #hasPlaceForRoom(party: string): boolean {
    const { swarms, membership } = this.#deps;
    const rooms = swarms.rooms();
    const own = rooms.filter((room) => membership.former(room.founder)?.party === party);
    const isInShare = (own.length + 1) * membership.partiesCount <= this.#maxRoomsCount;
    return isInShare && rooms.length < this.#maxRoomsCount;
  }

  async #guarded(pack: Uint8Array, task: (push: Push) => Promise<RouteReply>): Promise<RouteReply> {
    const push = readPush(pack, this.#deps.zlib);
    if (!push.ok) return refuse('SWARM_PACK_REFUSED', { rule: push.rule });
    try {
      return await this.#deps.swarms.write(async () =>
        this.#takes === 'nothing' ? refuse('SWARM_CLOSING') : task(push.value),
      );
    } catch (error) {
      this.#deps.log.error({ err: error }, 'a pack could not be stored');
      return refuse('SWARM_STORE_FAILED', { retryAfterSeconds: 5 });
    }
  }

  /** Limits delay; they never condemn (I3), so they are asked before anything is judged. */
  #delay(
    caller: Caller,
    swarm: AnySwarm,
    { commits, malformed, bytes }: Push,
  ): RouteReply | undefined {
    const mission = this.#deps.swarms.mission()?.state;
    if (!mission) return refuse('SWARM_MISSION_NONE');
    const fresh = this.#fresh(swarm, commits);
    const isContent = swarm !== this.#deps.swarms.missionSwarm;
    // What the box has already is answered as ever: the device may have missed the first answer.
    if (this.#takes === 'mission' && isContent && (fresh.length > 0 || malformed.length > 0)) {
      return refuse('SWARM_SEALED', { rule: 'T3' });
    }
    const seconds = this.#pace.waitSeconds(caller.device, swarm.cid, fresh);
    if (seconds > 0) return refuse('SWARM_TOO_FAST', { rule: 'L5', retryAfterSeconds: seconds });
    const parties = mission.parties.size;
    const isLate = this.#takes === 'mission';
    const hasRoom =
      this.#shares.hasRoom(caller.party, bytes, parties) &&
      this.#swarmShares.hasRoom(`${swarm.cid} ${caller.party}`, bytes, parties) &&
      (!isLate || this.#lateShares.hasRoom(caller.party, sizeOf(fresh), parties));
    if (!hasRoom) {
      return refuse('SWARM_SHARE_USED', { rule: 'L9', retryAfterSeconds: 3600 });
    }
    const own = fresh.filter(({ envelope }) => envelope.cid === swarm.cid);
    if (!exceedsEnds(swarm.catalogue, own, mission)) return undefined;
    return refuse('SWARM_HEADS_USED', { rule: 'L8', retryAfterSeconds: 30 });
  }

  async #take(caller: Caller, swarm: AnySwarm, push: Push): Promise<RouteReply> {
    const { swarms, membership, events } = this.#deps;
    const { seconds, missionSwarm: mission } = swarms;
    const isAlong = ({ envelope }: Commit): boolean =>
      swarm !== mission && envelope.cid === mission?.cid;
    const along = push.commits.filter(isAlong);
    const own = [...push.commits.filter((commit) => !isAlong(commit)), ...push.malformed];
    const fresh = this.#fresh(swarm, push.commits);
    const couldSee = new Set(membership.devicesOf(swarm.cid));
    const taken: [AnySwarm, Taken][] = [];
    if (mission && along.length > 0) {
      taken.push([mission, await mission.take(along, [], seconds, caller.device)]);
    }
    taken.push([swarm, await swarm.take(own, push.blobs, seconds, caller.device)]);
    swarms.addIfBegun(swarm);
    const isSealed = this.#takes !== 'all';
    if (!isSealed && taken.some(([one, { moved }]) => one === mission && moved.length > 0)) {
      // What waited in the conversations for the mission may be judged now (M3).
      for (const room of swarms.rooms()) taken.push([room, await room.retry(seconds)]);
    }
    this.#pace.spend(caller.device, swarm.cid, fresh);
    if (isSealed) this.#lateShares.add(caller.party, sizeOf(fresh));
    for (const [one, { bytes }] of taken) {
      this.#swarmShares.add(`${one.cid} ${caller.party}`, bytes);
    }
    this.#shares.add(caller.party, sum(taken.map(([, { bytes }]) => bytes)));
    for (const [one, { moved }] of taken) this.#tell(one, moved);
    const devices = membership.devicesOf(swarm.cid).filter((device) => !couldSee.has(device));
    if (devices.length > 0) events.emit('swarm', { cid: swarm.cid, devices });
    const asked = taken.filter(([one]) => one === swarm || one === mission);
    return json(
      answerOf(
        asked.map(([, { answer }]) => answer),
        swarm.head(caller.device)?.oid,
      ),
    );
  }

  /** What is new to the box: sending again what it has is free. */
  #fresh(swarm: AnySwarm, commits: readonly Commit[]): Commit[] {
    const mission = this.#deps.swarms.missionSwarm?.catalogue;
    return commits.filter(({ oid }) => !swarm.catalogue.get(oid) && !mission?.get(oid));
  }

  #tell(swarm: AnySwarm, moved: readonly string[]): void {
    for (const device of moved) {
      const head = swarm.head(device);
      if (!head) continue;
      const { oid, sid, q } = head;
      const n = swarm.catalogue.count;
      this.#deps.events.emit('head', { cid: swarm.cid, device, oid, sid, q, n });
    }
  }
}

/** The reply of the doors; `missing` only when something is. */
function answerOf(answers: readonly Verdicts[], head: string | undefined): object {
  const missing = {
    parents: answers.flatMap((answer) => answer.missing.parents),
    mission: answers.flatMap((answer) => answer.missing.mission),
    blobs: answers.flatMap((answer) => answer.missing.blobs),
  };
  const isComplete = Object.values(missing).every((names) => names.length === 0);
  return {
    ...(head !== undefined && { head }),
    no: answers.flatMap(({ no }) => no),
    ok: answers.flatMap(({ ok }) => ok),
    parked: answers.flatMap(({ parked }) => parked),
    ...(!isComplete && { missing }),
  };
}

function sizeOf(commits: readonly Commit[]): number {
  return sum(commits.map(({ raw }) => raw.length));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
