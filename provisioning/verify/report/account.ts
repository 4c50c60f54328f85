import type { Certificate } from '../end/certificate.ts';
import { excused, isCloseFinal, missing } from '../end/progress.ts';
import type { Graph } from '../graph/graph.ts';
import { inOrder } from '../graph/op.ts';
import { safetyCode } from '../identity/founding.ts';
import type { MissionCheck } from '../mission/check.ts';
import {
  isDeviceEffective,
  isMemberEffective,
  isPartyEffective,
  leadsOf,
  unitsOf,
  type MissionState,
} from '../mission/state.ts';
import type { Findings } from '../record/check.ts';
import { forksOf } from '../record/papers.ts';
import type { Resolution } from '../resolve/resolution.ts';
import type { RoomCheck } from '../room/check.ts';
import { isInside } from '../room/state.ts';
import { motionKey, motionOf } from '../votes/motion.ts';
import type { Fault } from '../verdict.ts';

/** A vote as an auditor reads it. */
export interface VoteAccount {
  readonly action: string;
  readonly class: string;
  readonly target: string;
  readonly for: readonly string[];
  readonly against: readonly string[];
  readonly withdrawn: readonly string[];
  /** `open`: nobody wrote a decision down. `fell`: it rested on votes that contradict others. */
  readonly outcome: 'carried' | 'open' | 'fell';
}

/** What one swarm came to. */
export interface SwarmAccount {
  readonly cid: string;
  readonly commits: number;
  readonly messages: number;
  readonly inside: readonly string[];
  readonly closed: boolean;
  readonly frozen: boolean;
  readonly votes: readonly VoteAccount[];
  readonly removals: readonly {
    readonly class: string;
    readonly who: string;
    readonly how: string;
    readonly lifted: boolean;
  }[];
  readonly hidden: readonly {
    readonly commit: string;
    readonly kind: string;
    readonly by: string;
    readonly reason: string;
  }[];
  readonly forks: readonly (readonly [string, number])[];
}

/** Everything the report says, for machines as it is. */
export interface Account {
  readonly holds: boolean;
  readonly what: 'record' | 'bundle';
  readonly cid: string;
  readonly h: string;
  readonly r?: string;
  readonly safetyCode?: string;
  readonly signatures: { readonly hold: number; readonly of: number };
  readonly boxReceipts: number;
  readonly files: { readonly count: number; readonly bytes: number };
  readonly parties: readonly {
    readonly party: string;
    readonly state: string;
    readonly leads: readonly string[];
  }[];
  readonly people: readonly {
    readonly person: string;
    readonly party: string;
    readonly state: string;
    readonly devices: number;
  }[];
  readonly devices: readonly {
    readonly device: string;
    readonly person: string;
    readonly state: string;
  }[];
  readonly mission?: SwarmAccount;
  readonly conversations: readonly SwarmAccount[];
  readonly end?: EndAccount;
  readonly certificate?: Certificate;
  readonly faults: readonly Fault[];
}

/** How the mission ended, as far as it is written. */
export interface EndAccount {
  readonly closed: boolean;
  readonly closeFinal: boolean;
  readonly missing: readonly string[];
  readonly agreed: readonly { readonly party: string; readonly h: string; readonly r: string }[];
  readonly receipts: readonly {
    readonly party: string;
    readonly person: string;
    readonly h: string;
  }[];
  readonly excused: readonly string[];
  readonly disputes: readonly {
    readonly party: string;
    readonly why: string;
    readonly settled: boolean;
  }[];
  /** Records the box signed for; more than one proves that it gave parties different ones. */
  readonly records: number;
}

/** Adds what a certificate, and the commits it brought, say. */
export function withCertificate(
  account: Account,
  findings: Findings,
  certificate: Certificate,
): Account {
  const { faults, mission } = findings;
  const end = mission === undefined ? {} : { end: endAccount(mission.swarm.whole().state) };
  return { ...account, ...end, certificate, holds: faults.list.length === 0, faults: faults.list };
}

/** Puts together what was found, before commits of a certificate are added. */
export function accountOf(findings: Findings): Account {
  const sealed = findings.mission?.swarm.whole();
  const { faults, manifest, mission, rooms } = findings;
  const sizes = [...(manifest?.files.values() ?? [])];
  return {
    holds: faults.list.length === 0,
    what: manifest === undefined ? 'bundle' : 'record',
    cid: findings.cid,
    h: findings.h,
    ...(manifest === undefined ? {} : { r: manifest.r }),
    ...(mission === undefined ? {} : { safetyCode: safetyCode(mission.founding.F) }),
    signatures: { hold: findings.signatures, of: findings.commits },
    boxReceipts: findings.receipts,
    files: { count: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) },
    ...peopleAccount(sealed?.state),
    ...(mission === undefined || sealed === undefined
      ? {}
      : { mission: missionAccount(mission, sealed) }),
    conversations: [...rooms.values()].map(roomAccount),
    ...(mission === undefined ? {} : { end: endAccount(mission.swarm.whole().state) }),
    faults: faults.list,
  };
}

function peopleAccount(
  state: MissionState | undefined,
): Pick<Account, 'parties' | 'people' | 'devices'> {
  if (state === undefined) return { parties: [], people: [], devices: [] };
  const devices = [...state.devices.values()];
  return {
    parties: [...state.parties.values()].map((one) => ({
      party: one.pfp,
      state: one.isBanned ? 'removed' : one.hasWithdrawn ? 'withdrew' : 'took part to the end',
      leads: leadsOf(state, one.pfp),
    })),
    people: [...state.members.values()].map((one) => ({
      person: one.mfp,
      party: one.party,
      state: personState(state, one.mfp),
      devices: devices.filter(({ member }) => member === one.mfp).length,
    })),
    devices: devices.map((one) => ({
      device: one.dfp,
      person: one.member,
      state: one.isBanned
        ? 'removed'
        : one.isRevoked
          ? 'retired'
          : isDeviceEffective(state, one.dfp)
            ? 'in use'
            : 'gone with its owner',
    })),
  };
}

function personState(state: MissionState, mfp: string): string {
  const member = state.members.get(mfp);
  if (member?.isBanned) return 'removed';
  if (member?.hasLeft) return 'left';
  if ((member?.claimed.length ?? 0) > 1) return 'claimed by several parties, so of none';
  if (member?.isPending)
    return 'joined by an invitation that others used too, and was never admitted';
  if (isMemberEffective(state, mfp)) return 'took part to the end';
  return isPartyEffective(state, member?.party ?? '') ? 'gone' : 'gone with the party';
}

function missionAccount({ graph }: MissionCheck, view: Resolution<MissionState>): SwarmAccount {
  const inside = [...view.state.members.keys()].filter((mfp) => isMemberEffective(view.state, mfp));
  const closed = view.state.closes.length > 0;
  return swarmAccount(graph, view, { inside, closed, frozen: view.state.isFrozen });
}

function roomAccount(room: RoomCheck): SwarmAccount {
  const view = room.whole();
  const inside = [...view.state.people.keys()].filter((mfp) => isInside(view.state, mfp));
  const closed = view.state.closes.length > 0 || view.state.mission.closes.length > 0;
  return swarmAccount(room.graph, view, { inside, closed, frozen: view.state.isFrozen });
}

function swarmAccount<S>(
  graph: Graph,
  view: Resolution<S>,
  known: Pick<SwarmAccount, 'inside' | 'closed' | 'frozen'>,
): SwarmAccount {
  const ops = graph.ops.filter((op) => graph.has(view.known.seen, op));
  const hidden = ops.flatMap((op) => {
    const reason = view.reason(op);
    const by = view.authorOf(op)?.member ?? op.d;
    return reason === undefined ? [] : [{ commit: op.sid, kind: op.k, by, reason }];
  });
  return {
    cid: graph.cid,
    commits: ops.length,
    messages: ops.filter(({ k }) => k === 'msg').length,
    ...known,
    votes: votesOf(view),
    removals: view.removals.map(({ lifts, op, sort, subject }) => ({
      class: subject.c,
      who: subject.u,
      how: sort === 'voluntary' ? op.k : sort,
      lifted: lifts.length > 0,
    })),
    hidden,
    forks: forksOf(graph),
  };
}

function votesOf<S>(view: Resolution<S>): VoteAccount[] {
  const motions = Map.groupBy([...view.of('vote'), ...view.of('resolve')].sort(inOrder), (op) =>
    motionKey(motionOf(op)),
  );
  return [...motions.values()].map((ops): VoteAccount => {
    const { a, c, u } = motionOf(ops[0] as (typeof ops)[number]);
    const last = new Map<string, string>();
    for (const op of ops.filter(({ k }) => k === 'vote')) {
      last.set(view.authorOf(op)?.member ?? op.d, op.x['ch'] as string);
    }
    const who = (ch: string): string[] =>
      [...last].flatMap(([member, said]) => (said === ch ? [member] : []));
    const resolutions = ops.filter(({ k }) => k === 'resolve');
    const stands = resolutions.some(({ sid }) => view.stands.has(sid));
    return {
      ...{ action: a, class: c, target: u },
      ...{ for: who('for'), against: who('against'), withdrawn: who('withdraw') },
      outcome: stands ? 'carried' : resolutions.length > 0 ? 'fell' : 'open',
    };
  });
}

function endAccount(state: MissionState): EndAccount {
  const { agreed, disputes, receipts } = state.end;
  const units = unitsOf(state);
  return {
    closed: state.closes.length > 0,
    closeFinal: isCloseFinal(state),
    missing: state.closes.length > 0 ? missing(state) : [],
    agreed: agreed.map(({ h, party, r }) => ({ party, h, r })),
    receipts: receipts.map(({ h, member, party }) => ({ party, person: member, h })),
    excused: excused(state).filter((pfp) => units.includes(pfp)),
    disputes: disputes.map(({ isSettled, party, why }) => ({ party, why, settled: isSettled })),
    records: new Set(agreed.map(({ h, r }) => `${h} ${r}`)).size,
  };
}
