import type { Commit, CommitDraft } from '../codec/commit-form.ts';
import type { Engine } from '../ports.ts';
import type { ChildState } from '../state/child-state.ts';
import type { MissionState } from '../state/mission-state.ts';
import type { Op } from '../state/op.ts';
import type { SwarmState } from '../state/swarm-state.ts';
import { refused, type Parsed } from '../verdict.ts';
import { type Admission } from './admission.ts';
import { childLaw } from './child-law.ts';
import {
  draftOf,
  envelopeOf,
  finish,
  isScattered,
  type Knowledge,
  type Proposal,
} from './draft.ts';
import { examineChildGenesis, examineMissionGenesis } from './genesis.ts';
import { Intake, type GenesisCheck } from './intake.ts';
import { missionLaw } from './mission-law.ts';
import { Swarm } from './swarm.ts';
import { visible, type Visible } from './visible.ts';
import type { View } from './view.ts';

/** The replica of a mission swarm. */
export type MissionReplica = Replica<MissionState>;

/** The replica of a conversation. */
export type RoomReplica = Replica<ChildState>;

/** Opens an empty mission replica; with `cid` it takes that mission's genesis only. */
export function missionReplica(engine: Engine, cid?: string): MissionReplica {
  const swarm = new Swarm(engine, missionLaw);
  const genesis: GenesisCheck<MissionState> = (commit, _heads, trust) =>
    examineMissionGenesis(swarm, commit as Commit, trust);
  return new Replica({ swarm, genesis, cid, mission: undefined });
}

/** Opens an empty replica of a conversation under a mission. */
export function roomReplica(engine: Engine, mission: MissionReplica, cid?: string): RoomReplica {
  const swarm = new Swarm(engine, childLaw, mission.swarm);
  const genesis: GenesisCheck<ChildState> = (commit, heads, trust) =>
    Promise.resolve(examineChildGenesis(swarm, mission.cid ?? '', commit, heads, trust));
  return new Replica({ swarm, genesis, cid, mission });
}

/**
 * One swarm as one device or box knows it: judges what comes (§8.4), keeps it in memory,
 * and prepares what is written. Calls are worked off one after the other. Pure: whoever
 * uses it stores commits and objects, and loads them again.
 */
export class Replica<S extends SwarmState> {
  readonly swarm: Swarm<S>;
  readonly mission: MissionReplica | undefined;
  readonly #genesis: GenesisCheck<S>;
  readonly #intake: Intake<S>;
  #tail: Promise<unknown> = Promise.resolve();
  #visible: { at: string; value: Visible } | undefined;

  constructor(of: {
    swarm: Swarm<S>;
    genesis: GenesisCheck<S>;
    cid: string | undefined;
    mission: MissionReplica | undefined;
  }) {
    this.swarm = of.swarm;
    this.mission = of.mission;
    this.#genesis = of.genesis;
    this.#intake = new Intake(of.swarm, of.genesis, of.mission, of.cid);
  }

  /** Identity of the swarm; undefined until its genesis is known or was asked for. */
  get cid(): string | undefined {
    return this.#intake.cid;
  }

  /** Commits that are admitted. */
  get size(): number {
    return this.#intake.register.count;
  }

  /** Maximal admitted commits. */
  get heads(): readonly Op[] {
    return this.#intake.register.heads;
  }

  /**
   * Judges commits of anybody, with the blobs that came along. Never throws for what they say.
   * `pusher` names who sent them, a device at a box: what must wait takes that one's room (L11).
   */
  admit(
    commits: readonly (Commit | Uint8Array)[],
    blobs: readonly Uint8Array[] = [],
    pusher = '',
  ): Promise<Admission> {
    return this.#serial(() => this.#intake.take(commits, blobs, 'peer', () => pusher));
  }

  /** As `admit`, for what this device has judged before and kept on its own disk. */
  load(
    commits: readonly (Commit | Uint8Array)[],
    blobs: readonly Uint8Array[] = [],
  ): Promise<Admission> {
    return this.#serial(() => this.#intake.take(commits, blobs, 'disk', () => ''));
  }

  /**
   * As `admit`, for what a record says that others have admitted: the same checks, but nothing is
   * withheld for want of a builder or room (I1, V12, L8), so that the set is the record's and not
   * one that depends on the order.
   */
  audit(
    commits: readonly (Commit | Uint8Array)[],
    blobs: readonly Uint8Array[] = [],
  ): Promise<Admission> {
    return this.#serial(() => this.#intake.take(commits, blobs, 'record', () => ''));
  }

  /** Tries parked commits again, after the mission got something (M3). */
  retry(): Promise<Admission> {
    return this.#serial(() => {
      const parked = this.#intake.parking.takeAll();
      const commits = parked.map(({ commit }) => commit);
      const blobs = parked.flatMap(({ blob }) => blob?.object.body ?? []);
      const pushers = new Map(parked.map(({ commit, pusher }) => [commit.sid, pusher]));
      return this.#intake.take(commits, blobs, 'peer', (sid) => pushers.get(sid) ?? '');
    });
  }

  has(sid: string): boolean {
    return this.#intake.register.commit(sid) !== undefined;
  }

  commit(sid: string): Commit | undefined {
    return this.#intake.register.commit(sid);
  }

  /** Every admitted commit in the order it was taken in: parents first. */
  *commits(): Generator<Commit> {
    for (const { sid } of this.#intake.register.ops()) yield this.commit(sid) as Commit;
  }

  /** An admitted commit in its place, by its git name. */
  byOid(oid: string): Op | undefined {
    const op = this.swarm.graph.byOid(oid);
    return op !== undefined && !this.#intake.register.isWithheld(op) ? op : undefined;
  }

  /** An admitted commit in its place. */
  op(sid: string): Op | undefined {
    return this.has(sid) ? this.swarm.graph.get(sid) : undefined;
  }

  /** Whether one admitted commit lies in the past of another. */
  saw(later: Op, earlier: Op): boolean {
    return this.swarm.graph.saw(later, earlier);
  }

  /** The newest admitted commit of a device; of a forked device, of one branch. */
  newest(device: string): Op | undefined {
    let newest: Op | undefined;
    const { graph } = this.swarm;
    for (const head of this.heads) {
      const own = head.envelope.d === device ? head : graph.tip(head, graph.deviceNumber(device));
      if (own && own.envelope.q > (newest?.envelope.q ?? -1)) newest = own;
    }
    return newest;
  }

  /** Proofs that a device contradicted itself: commits with one number (§9.6, V12). */
  evidence(device: string, q: number): readonly Op[] {
    return this.swarm.graph.at(device, q);
  }

  /** Whether the device contradicted itself; it must not write any more (R13). */
  isForked(device: string): boolean {
    return this.swarm.graph.isForked(device);
  }

  /** State of everything known; throws before the genesis is known. */
  view(): View<S> {
    return this.swarm.viewOf(this.heads, this.missionHeads());
  }

  /** Heads of the mission as known now; empty in the mission itself. */
  missionHeads(): readonly Op[] {
    return this.mission?.heads ?? [];
  }

  /** Everything known in display order, the hidden apart. */
  order(): Visible {
    const at = `${this.size} ${this.mission?.size ?? 0}`;
    if (this.#visible?.at === at) return this.#visible.value;
    const value =
      this.size === 0
        ? { shown: [], hidden: [] }
        : visible(this.swarm, this.#intake.register.ops(), this.heads, this.missionHeads());
    this.#visible = { at, value };
    return value;
  }

  /** Whether a decision is final for this replica (§9.7-3): nothing that undoes it is admitted. */
  isFinal(sid: string): boolean {
    return this.#intake.finality.has(sid);
  }

  /** The state of an admitted commit's own past, by which its rules were judged. */
  before(op: Op): View<S> {
    return this.swarm.viewOf(op.parents, op.mission);
  }

  /** Where the device's next commit will stand: for sealing, which needs it first. */
  next(device: string): { q: number; pq?: string } {
    const own = this.newest(device);
    return own === undefined ? { q: 0 } : { q: own.envelope.q + 1, pq: own.sid };
  }

  /** Completes a commit but for its signature, checked as others will check it (§8.3). */
  propose(proposal: Proposal): Promise<Parsed<CommitDraft>> {
    return this.#serial(() => this.#propose(proposal));
  }

  async #propose(proposal: Proposal): Promise<Parsed<CommitDraft>> {
    if (this.size === 0) return this.#proposeGenesis(proposal);
    if (this.isForked(proposal.d)) return refused('R13', 'this device contradicted itself');
    return draftOf(this.swarm, this.#intake.cid ?? '', proposal, this.#knowledge(proposal.d));
  }

  /** Whether this device must merge before it writes anything else: too many heads (§9.5). */
  isScattered(device: string): boolean {
    return this.size > 0 && isScattered(this.swarm, this.#knowledge(device));
  }

  #knowledge(device: string): Knowledge {
    return { heads: this.heads, missionHeads: this.missionHeads(), own: this.newest(device) };
  }

  async #proposeGenesis(proposal: Proposal): Promise<Parsed<CommitDraft>> {
    if (this.mission === undefined) return refused('F4', 'a mission begins with a founding');
    const heads = this.missionHeads().slice(0, 8);
    const mh = heads.map(({ sid }) => sid).sort();
    const envelope = { ...envelopeOf(proposal), mh };
    const subject = { oid: '', sid: '', tree: '', parents: [], envelope };
    const examined = await this.#genesis(subject, heads, 'draft');
    return examined.ok
      ? { ok: true, value: finish(proposal, envelope, [], examined.value.tree) }
      : examined;
  }

  /** Whether a commit was found invalid, which it will always be. */
  isRefused(sid: string): boolean {
    return this.#intake.parking.ruleAgainst(sid) !== undefined;
  }

  #serial<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work, work);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
