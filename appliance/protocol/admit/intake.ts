import type { Commit } from '../codec/commit-form.ts';
import { conversationId } from '../codec/fingerprint.ts';
import type { Node } from '../pack/node.ts';
import type { Op } from '../state/op.ts';
import type { SwarmState } from '../state/swarm-state.ts';
import { refused, type Parsed } from '../verdict.ts';
import { emptyAdmission, type Admission } from './admission.ts';
import { readBatch, type Batch } from './batch.ts';
import {
  checkSignature,
  examine,
  isRemoved,
  isStrange,
  type Examined,
  type Trust,
} from './examine.ts';
import { Finality } from './finality.ts';
import { Holdings } from './holdings.ts';
import { Parking } from './parking.ts';
import { Register, type Held } from './register.ts';
import type { Swarm } from './swarm.ts';
import { type Subject } from './swarm.ts';
import { decisions } from '../state/kinds/table.ts';

/** Heads at once (L8): beyond, each party still has an equal share of as many (L9). */
const mostHeads = 64;

/** Of a party's share, heads of one member: who has many devices leaves room to the others. */
const mostOfMember = 4;

/** Who pushed a commit, by its `sid`: parked ones of several are tried again together (L11). */
export type PusherOf = (sid: string) => string;

/** Judges the genesis of one sort of swarm. */
export type GenesisCheck<S extends SwarmState> = (
  commit: Subject,
  missionHeads: readonly Op[],
  trust: Trust,
) => Promise<Parsed<Examined<S>>>;

/** Knowledge about the mission that judging a conversation needs. */
export interface Overseer {
  has(sid: string): boolean;
  isRefused(sid: string): boolean;
  readonly heads: readonly Op[];
}

/** The order of checking (§8.4) for what comes in, and what is admitted of it (§11.4). */
export class Intake<S extends SwarmState> {
  readonly parking = new Parking();
  readonly register: Register;
  readonly finality: Finality<S>;
  /** Identity of the swarm, once known. */
  cid: string | undefined;
  readonly #swarm: Swarm<S>;
  readonly #genesis: GenesisCheck<S>;
  readonly #mission: Overseer | undefined;
  readonly #holdings = new Holdings();

  constructor(
    swarm: Swarm<S>,
    genesis: GenesisCheck<S>,
    mission: Overseer | undefined,
    cid: string | undefined,
  ) {
    this.#swarm = swarm;
    this.#genesis = genesis;
    this.#mission = mission;
    this.cid = cid;
    this.register = new Register(swarm.graph);
    this.finality = new Finality(swarm);
  }

  /** Judges a batch, parents first. */
  async take(
    commits: readonly (Commit | Uint8Array)[],
    blobs: readonly Uint8Array[],
    trust: Trust,
    pusherOf: PusherOf,
  ): Promise<Admission> {
    const answer = emptyAdmission();
    const batch = readBatch(commits, blobs, answer);
    for (const commit of batch.commits) await this.#one(commit, batch, trust, answer, pusherOf);
    this.finality.settle();
    return answer;
  }

  async #one(
    commit: Commit,
    batch: Batch,
    trust: Trust,
    answer: Admission,
    pusherOf: PusherOf,
  ): Promise<void> {
    const { sid } = commit;
    if (this.register.commit(sid) !== undefined) {
      answer.ok.push(sid);
      return;
    }
    const known = this.parking.ruleAgainst(sid);
    const withheld = this.#swarm.graph.get(sid) !== undefined;
    if (known !== undefined || withheld) {
      answer.no.push([sid, known ?? 'I1']);
      return;
    }
    const examined = await this.#judge(commit, batch, trust, answer, pusherOf);
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
    pusherOf: PusherOf,
  ): Promise<Parsed<Examined<S>> | undefined> {
    const { graph, mission } = this.#swarm;
    if (commit.parents.some((oid) => this.parking.isRefusedOid(oid))) {
      return refused('R8', 'a parent was refused');
    }
    const h = commit.envelope.k === 'profile' ? commit.envelope.x?.['h'] : undefined;
    const blob = typeof h === 'string' ? this.#blob(h, blobs) : undefined;
    const unknown = commit.parents.filter((oid) => graph.byOid(oid) === undefined);
    const named = commit.envelope.mh ?? [];
    if (named.some((sid) => this.#mission?.isRefused(sid))) {
      return refused('M3', 'a mission commit it knows was refused');
    }
    const unheld = mission === undefined ? [] : named.filter((sid) => !this.#mission?.has(sid));
    if (isStrange(trust)) {
      const signed = await checkSignature(this.#swarm, commit);
      if (!signed.ok) return signed;
    }
    if (
      unknown.some((oid) => this.parking.isParked(oid)) ||
      (unheld.length > 0 && !unknown.length)
    ) {
      this.parking.park({ commit, blob, pusher: pusherOf(commit.sid) });
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
    const heads = named.flatMap((sid) => mission?.graph.get(sid) ?? []);
    if (commit.parents.length === 0) return this.#judgeGenesis(commit, heads, trust);
    const parents = commit.parents.flatMap((oid) => graph.byOid(oid) ?? []);
    const needs = { parents, mission: heads, blob };
    return examine(this.#swarm, this.cid ?? '', commit, needs, trust);
  }

  async #judgeGenesis(
    commit: Commit,
    heads: readonly Op[],
    trust: Trust,
  ): Promise<Parsed<Examined<S>>> {
    if (this.#swarm.graph.ops.length > 0) return refused('R7', 'there is a genesis already');
    if (this.cid !== undefined && conversationId(commit.sid) !== this.cid) {
      return refused('R7', 'the genesis of another swarm');
    }
    return this.#genesis(commit, heads, trust);
  }

  /** The I-rules: which of the valid are admitted (§11.4, L8, V12). */
  #place(commit: Commit, { after, op, tree }: Examined<S>, trust: Trust, answer: Admission): void {
    const { graph } = this.#swarm;
    const isContent = commit.envelope.k === 'msg' && trust === 'peer';
    if (isContent && !this.#hasRoom(op)) {
      answer.no.push([commit.sid, 'L8']);
      return;
    }
    const wasForked = graph.isForked(op.envelope.d);
    const placed = graph.insert(op);
    this.#swarm.keep(placed, after);
    if (op.parents.length === 0) this.cid = conversationId(op.sid);
    const held: Held = { op: placed, commit, tree };
    const rule = trust === 'peer' ? this.#whyWithheld(placed, wasForked) : undefined;
    if (rule !== undefined) {
      this.register.withhold(held);
      answer.no.push([commit.sid, rule]);
      return;
    }
    for (const freed of this.register.admit(held)) {
      this.finality.note(freed.op);
      answer.no = answer.no.filter(([sid]) => sid !== freed.op.sid);
      answer.ok.push(freed.op.sid);
      answer.objects.push(...this.#holdings.fresh(freed.tree));
    }
  }

  /**
   * L8: heads of the removed, which nobody may ever join, take nobody's room (X10); and who
   * fills the room keeps only the own party from writing (L9).
   */
  #hasRoom(op: Op): boolean {
    const { heads } = this.register;
    const others = heads.filter((head) => !op.parents.includes(head));
    if (others.length < mostHeads) return true;
    const missionHeads = this.#mission?.heads ?? [];
    const set = this.#swarm.graph.causes(heads);
    const view = this.#swarm.view(set, missionHeads);
    const bars = this.#swarm.bars(view, set, missionHeads);
    const open = others.filter((head) => !bars(head));
    if (open.length < mostHeads) return true;
    const own = open.filter(({ author }) => author.party === op.author.party);
    const mine = own.filter(({ author }) => author.member === op.author.member);
    return mine.length < mostOfMember && own.length < mostHeads / view.mission.parties.size;
  }

  /**
   * What would undo something final waits for people to decide (§9.7); hidden work of the removed
   * (I1), and what follows a contradiction (V12), for a builder.
   */
  #whyWithheld(op: Op, wasForked: boolean): string | undefined {
    const { heads } = this.register;
    const missionHeads = this.#mission?.heads ?? [];
    if (this.finality.isBrokenBy(op, heads, missionHeads)) return 'ERR_FINALITY';
    // Of the mission nothing else is withheld: a conversation of somebody unaware may rest on it (M3).
    if (this.#swarm.mission === undefined) return undefined;
    if (wasForked) return 'V12';
    // The pair that proves a contradiction is the same for everybody, whoever wrote it.
    if (this.#swarm.graph.isForked(op.envelope.d)) return undefined;
    if (op.parents.length === 0 || decisions.has(op.envelope.k)) return undefined;
    const set = this.#swarm.graph.causes(this.#swarm.graph.maximal([...heads, op]));
    const view = this.#swarm.view(set, missionHeads);
    if (!isRemoved(view, op.author)) return undefined;
    const reason = this.#swarm.judge(view, set, missionHeads)(op);
    return reason?.startsWith('removed') ? 'I1' : undefined;
  }

  #refuse(commit: Commit, rule: string, answer: Admission): void {
    this.parking.refuse(commit, rule);
    answer.no.push([commit.sid, rule]);
  }

  #blob(hash: string, blobs: Batch['blobs']): Node | undefined {
    return blobs.get(hash) ?? this.#holdings.blob(hash);
  }
}
