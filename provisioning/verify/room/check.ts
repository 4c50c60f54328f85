import { b64u, byText } from '../bytes/text-form.ts';
import { cidOf } from '../bytes/hash.ts';
import { isCommitSigned, type Commit } from '../commit/commit.ts';
import { Graph } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import { nothing, type Seen } from '../graph/seen.ts';
import type { MissionCheck } from '../mission/check.ts';
import { isDeviceEffective, type MissionState } from '../mission/state.ts';
import { must, refuse } from '../refusal.ts';
import type { Resolution } from '../resolve/resolution.ts';
import { Swarm } from '../resolve/swarm.ts';
import { roomFiles } from '../tree/room-tree.ts';
import type { Trees } from '../tree/tree.ts';
import { checkParents } from '../votes/rules.ts';
import { isHiddenFromAbove } from './cut.ts';
import { roomLaw } from './law.ts';
import { checkRoomGenesis, checkStanding, roomRules } from './rules.ts';
import type { RoomState } from './state.ts';

/** A conversation, judged commit by commit, each with what it knows of the mission (M). */
export class RoomCheck {
  readonly graph: Graph;
  readonly swarm: Swarm<RoomState>;
  readonly #mission: MissionCheck;
  readonly #trees: Trees;
  readonly #blob: (hash: string) => Uint8Array | undefined;

  constructor(
    cid: string,
    genesis: Commit,
    mission: MissionCheck,
    trees: Trees,
    blob: (hash: string) => Uint8Array | undefined,
  ) {
    this.graph = new Graph(cid, mission.graph);
    this.#mission = mission;
    this.#trees = trees;
    this.#blob = blob;
    const at = (above: Seen): Resolution<MissionState> =>
      mission.swarm.resolve({ seen: above, above: nothing });
    this.swarm = new Swarm(this.graph, roomLaw(cid, genesis.envelope.x ?? {}, at), {
      key: (above) => above.join(),
      isGone: ({ above }, author) => at(above).isGone(author),
      hides: (view, op, author) => isHiddenFromAbove(view, at(view.known.above), op, author),
    });
  }

  /** Places a commit: signature and links, the mission's included. Parents first. */
  place(commit: Commit): Op {
    must(isCommitSigned(commit), 'R4', 'the signature does not hold');
    if (commit.envelope.k === 'genesis')
      must(cidOf(commit.sid) === this.graph.cid, 'R7', 'it is another conversation');
    return this.graph.place(commit);
  }

  /** Judges a placed commit: standing, kind, keys, tree. What fails is forgotten. */
  judge(op: Op): void {
    try {
      this.#rules(op);
      this.swarm.take(op);
      const tree = this.treeOf(this.swarm.after(op).state);
      const isTree = op.commit.envelope.th === b64u(tree.th) && op.commit.tree === tree.oid;
      must(isTree, 'R12', 'its tree is not the one that follows from what it rests on');
    } catch (error) {
      this.swarm.drop(op);
      this.graph.drop(op);
      throw error;
    }
  }

  /** Forgets a placed commit. */
  drop(op: Op): void {
    this.graph.drop(op);
  }

  /** St of everything that holds, judged with the mission as it is at the end. */
  whole(): Resolution<RoomState> {
    return this.swarm.whole(this.#mission.graph.closure(this.#mission.graph.ops));
  }

  /** T(state), with the profile's blob. */
  treeOf(state: RoomState): { oid: string; th: Buffer } {
    const profile =
      state.profile === undefined ? undefined : this.#blob(state.profile.x['h'] as string);
    return this.#trees.make(roomFiles(state, profile));
  }

  #rules(op: Op): void {
    const view = this.swarm.before(op);
    const { state } = view;
    const author = view.authorFor(op.d) ?? refuse('R16', 'the mission does not know its device');
    const isForked =
      this.graph.forkedFrom(op.past, op.d) !== undefined ||
      this.#mission.graph.forkedFrom(op.above, op.d) !== undefined;
    must(!isForked, 'R13', 'its device is known to have forked');
    if (op.k === 'genesis') {
      must(
        isDeviceEffective(state.mission, op.d),
        'R17',
        'its author was removed from the mission',
      );
      must(state.mission.closes.length === 0, 'R15', 'the mission is closed');
      return checkRoomGenesis(op, author, state, this.#mission.graph.cid);
    }
    const rule = Object.hasOwn(roomRules, op.k) ? roomRules[op.k] : undefined;
    if (rule === undefined) refuse('R5', `a conversation has no kind ${op.k}`);
    checkStanding(op, author, state);
    checkParents(view, op);
    const isClosed = state.closes.length > 0 || state.mission.closes.length > 0;
    must(
      !isClosed || ['merge', 'leave'].includes(op.k),
      'R15',
      'the conversation is closed in its past',
    );
    const isAdmin = state.people.get(author.member)?.status === 'admin';
    rule({ op, x: op.x, author, view, state, isAdmin, blob: this.#blob });
  }
}

/** Commits in an order in which parents come first. */
export function parentsFirst(commits: readonly Commit[]): Commit[] {
  return commits.toSorted((a, b) => a.envelope.l - b.envelope.l || byText(a.sid, b.sid));
}
