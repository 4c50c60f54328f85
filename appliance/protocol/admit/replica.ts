import type { Commit, CommitDraft } from '../codec/commit-form.ts';
import { conversationId } from '../codec/fingerprint.ts';
import type { Node } from '../pack/node.ts';
import type { Engine } from '../ports.ts';
import type { ChildState } from '../state/child-state.ts';
import type { MissionState } from '../state/mission-state.ts';
import type { Op } from '../state/op.ts';
import type { SwarmState } from '../state/swarm-state.ts';
import { refused, type Parsed } from '../verdict.ts';
import { emptyAdmission, type Admission } from './admission.ts';
import { readBatch, type Batch } from './batch.ts';
import { childLaw } from './child-law.ts';
import { draftOf, envelopeOf, finish, type Proposal } from './draft.ts';
import { checkSignature, examine, isRemoved, type Examined, type Trust } from './examine.ts';
import { examineChildGenesis, examineMissionGenesis } from './genesis.ts';
import { Holdings } from './holdings.ts';
import { missionLaw } from './mission-law.ts';
import { Parking } from './parking.ts';
import { Register, type Held } from './register.ts';
import { Swarm, type Subject } from './swarm.ts';
import { visible, type Visible } from './visible.ts';
import type { View } from './view.ts';
import { decisions } from '../state/kinds/table.ts';

/** Heads at once (L8): beyond, only what joins them or is control is admitted. */
const mostHeads = 64;

type GenesisCheck<S extends SwarmState> = (
  commit: Subject,
  missionHeads: readonly Op[],
  trust: Trust,
) => Promise<Parsed<Examined<S>>>;

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
  readonly #register: Register;
  readonly #parking = new Parking();
  readonly #holdings = new Holdings();
  #cid: string | undefined;
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
    this.#cid = of.cid;
    this.#register = new Register(of.swarm.graph);
  }

  /** Identity of the swarm; undefined until its genesis is known or was asked for. */
  get cid(): string | undefined {
    return this.#cid;
  }

  /** Commits that are admitted. */
  get size(): number {
    return this.#register.count;
  }

  /** Maximal admitted commits. */
  get heads(): readonly Op[] {
    return this.#register.heads;
  }

  /** Judges commits of anybody, with the blobs that came along. Never throws for what they say. */
  admit(
    commits: readonly (Commit | Uint8Array)[],
    blobs: readonly Uint8Array[] = [],
  ): Promise<Admission> {
    return this.#serial(() => this.#take(commits, blobs, 'peer'));
  }

  /** As `admit`, for what this device has judged before and kept on its own disk. */
  load(
    commits: readonly (Commit | Uint8Array)[],
    blobs: readonly Uint8Array[] = [],
  ): Promise<Admission> {
    return this.#serial(() => this.#take(commits, blobs, 'disk'));
  }

  /** Tries parked commits again, after the mission got something (M3). */
  retry(): Promise<Admission> {
    return this.#serial(() => {
      const parked = this.#parking.takeAll();
      const commits = parked.map(({ commit }) => commit);
      const blobs = parked.flatMap(({ blob }) => blob?.object.body ?? []);
      return this.#take(commits, blobs, 'peer');
    });
  }

  has(sid: string): boolean {
    return this.#register.commit(sid) !== undefined;
  }

  commit(sid: string): Commit | undefined {
    return this.#register.commit(sid);
  }

  /** An admitted commit in its place, by its git name. */
  byOid(oid: string): Op | undefined {
    const op = this.swarm.graph.byOid(oid);
    return op !== undefined && !this.#register.isWithheld(op) ? op : undefined;
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
        : visible(this.swarm, this.#register.ops(), this.heads, this.missionHeads());
    this.#visible = { at, value };
    return value;
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
    return draftOf(this.swarm, this.#cid ?? '', proposal, {
      heads: this.heads,
      missionHeads: this.missionHeads(),
      own: this.newest(proposal.d),
    });
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

  async #take(
    commits: readonly (Commit | Uint8Array)[],
    blobs: readonly Uint8Array[],
    trust: Trust,
  ): Promise<Admission> {
    const answer = emptyAdmission();
    const batch = readBatch(commits, blobs, answer);
    for (const commit of batch.commits) await this.#one(commit, batch, trust, answer);
    return answer;
  }

  async #one(commit: Commit, batch: Batch, trust: Trust, answer: Admission): Promise<void> {
    const { sid } = commit;
    if (this.has(sid)) {
      answer.ok.push(sid);
      return;
    }
    const known = this.#parking.ruleAgainst(sid);
    const withheld = this.swarm.graph.get(sid) !== undefined;
    if (known !== undefined || withheld) {
      answer.no.push([sid, known ?? 'I1']);
      return;
    }
    const examined = await this.#judge(commit, batch, trust, answer);
    if (examined === undefined) return;
    if (examined.ok) this.#place(commit, examined.value, trust, answer);
    else this.#refuse(commit, examined.rule, answer);
  }

  /** The checks in their order; undefined if the commit must wait for something. */
  async #judge(
    commit: Commit,
    { blobs }: Batch,
    trust: Trust,
    answer: Admission,
  ): Promise<Parsed<Examined<S>> | undefined> {
    const { graph, mission } = this.swarm;
    if (commit.parents.some((oid) => this.#parking.isRefusedOid(oid))) {
      return refused('R8', 'a parent was refused');
    }
    const h = commit.envelope.k === 'profile' ? commit.envelope.x?.['h'] : undefined;
    const blob = typeof h === 'string' ? this.#blob(h, blobs) : undefined;
    const unknown = commit.parents.filter((oid) => graph.byOid(oid) === undefined);
    const named = commit.envelope.mh ?? [];
    if (named.some((sid) => this.mission?.isRefused(sid))) {
      return refused('M3', 'a mission commit it knows was refused');
    }
    const unheld = mission === undefined ? [] : named.filter((sid) => !this.mission?.has(sid));
    if (
      unknown.some((oid) => this.#parking.isParked(oid)) ||
      (unheld.length > 0 && !unknown.length)
    ) {
      this.#parking.park({ commit, blob });
      answer.parked.push(commit.sid);
      answer.missing.mission.push(...unheld);
      return undefined;
    }
    if (unknown.length > 0) {
      answer.missing.parents.push(...unknown);
      return undefined;
    }
    if (typeof h === 'string' && blob === undefined) {
      answer.missing.blobs.push(h);
      return undefined;
    }
    if (trust === 'peer') {
      const signed = await checkSignature(this.swarm, commit);
      if (!signed.ok) return signed;
    }
    const heads = named.flatMap((sid) => mission?.graph.get(sid) ?? []);
    if (commit.parents.length === 0) return this.#judgeGenesis(commit, heads, trust);
    const parents = commit.parents.flatMap((oid) => graph.byOid(oid) ?? []);
    const needs = { parents, mission: heads, blob };
    return examine(this.swarm, this.#cid ?? '', commit, needs, trust);
  }

  async #judgeGenesis(
    commit: Commit,
    heads: readonly Op[],
    trust: Trust,
  ): Promise<Parsed<Examined<S>>> {
    if (this.swarm.graph.ops.length > 0) return refused('R7', 'there is a genesis already');
    if (this.#cid !== undefined && conversationId(commit.sid) !== this.#cid) {
      return refused('R7', 'the genesis of another swarm');
    }
    return this.#genesis(commit, heads, trust);
  }

  /** The I-rules: which of the valid are admitted (§11.4, L8, V12). */
  #place(commit: Commit, { after, op, tree }: Examined<S>, trust: Trust, answer: Admission): void {
    const { graph } = this.swarm;
    const joined = this.heads.filter((head) => op.parents.includes(head)).length;
    const isContent = commit.envelope.k === 'msg' && trust === 'peer';
    if (isContent && this.heads.length - joined >= mostHeads) {
      answer.no.push([commit.sid, 'L8']);
      return;
    }
    const wasForked = graph.isForked(op.envelope.d);
    if (trust === 'peer' && wasForked && !this.#register.hasRoom(op)) {
      answer.no.push([commit.sid, 'V12']);
      return;
    }
    const placed = graph.insert(op);
    this.swarm.keep(placed, after);
    if (op.parents.length === 0) this.#cid = conversationId(op.sid);
    const held: Held = { op: placed, commit, tree };
    const rule = trust === 'peer' ? this.#whyWithheld(placed, wasForked) : undefined;
    if (rule !== undefined) {
      this.#register.withhold(held);
      answer.no.push([commit.sid, rule]);
      return;
    }
    for (const freed of this.#register.admit(held)) {
      answer.no = answer.no.filter(([sid]) => sid !== freed.op.sid);
      answer.ok.push(freed.op.sid);
      answer.objects.push(...this.#holdings.fresh(freed.tree));
    }
  }

  /** I1 and V12: hidden work of the removed, and what follows a contradiction, waits for a builder. */
  #whyWithheld(op: Op, wasForked: boolean): string | undefined {
    if (wasForked) return 'V12';
    if (op.parents.length === 0 || decisions.has(op.envelope.k)) return undefined;
    const heads = this.swarm.graph.maximal([...this.heads, op]);
    const set = this.swarm.graph.causes(heads);
    const missionHeads = this.missionHeads();
    const view = this.swarm.view(set, missionHeads);
    if (!isRemoved(view, op.author)) return undefined;
    const reason = this.swarm.judge(view, set, missionHeads)(op);
    return reason?.startsWith('removed') ? 'I1' : undefined;
  }

  /** Whether a commit was found invalid, which it will always be. */
  isRefused(sid: string): boolean {
    return this.#parking.ruleAgainst(sid) !== undefined;
  }

  #refuse(commit: Commit, rule: string, answer: Admission): void {
    this.#parking.refuse(commit, rule);
    answer.no.push([commit.sid, rule]);
  }

  #blob(hash: string, blobs: Batch['blobs']): Node | undefined {
    return blobs.get(hash) ?? this.#holdings.blob(hash);
  }

  #serial<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work, work);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
