import { toB64u } from '../codec/text-form.ts';
import type { Commit } from '../codec/commit-form.ts';
import type { Node } from '../pack/node.ts';
import type { Engine } from '../ports.ts';
import { Graph } from '../state/graph.ts';
import type { Scene } from '../state/kind.ts';
import { worldOf, type MissionState } from '../state/mission-state.ts';
import { inOrder, type Op } from '../state/op.ts';
import { barred } from '../state/resolve/barred.ts';
import { extend } from '../state/resolve/resolve.ts';
import { findingsOf, excluded, type Reason } from '../state/resolve/excluded.ts';
import type { Above, Setting } from '../state/resolve/setting.ts';
import type { SwarmState } from '../state/swarm-state.ts';
import type { Law } from './law.ts';
import { States, type Known } from './states.ts';
import type { View } from './view.ts';

/** A commit as far as judging its place goes; a draft has neither oid, sid nor tree yet. */
export type Subject = Pick<Commit, 'oid' | 'sid' | 'tree' | 'parents' | 'envelope' | 'sealed'>;

/** One swarm's commits and the states of their sets. */
export class Swarm<S extends SwarmState> {
  readonly graph = new Graph();
  readonly engine: Engine;
  readonly law: Law<S>;
  readonly mission: Swarm<MissionState> | undefined;
  readonly #states: States<S>;

  constructor(engine: Engine, law: Law<S>, mission?: Swarm<MissionState>) {
    this.engine = engine;
    this.law = law;
    this.mission = mission;
    this.#states = new States(this.graph);
  }

  /** State of a set, in a child with the mission as known by these mission heads. */
  view(set: Known, missionHeads: readonly Op[]): View<S> {
    const above = this.above(missionHeads);
    const state = this.#states.of(this.setting(above), set, worldUnder(above));
    return { state, mission: this.law.missionOf(state, above) };
  }

  /** State of everything below and with these heads. */
  viewOf(heads: readonly Op[], missionHeads: readonly Op[]): View<S> {
    return this.view(this.graph.causes(heads), missionHeads);
  }

  /** The view right after a genesis, which need not be in the graph yet. */
  begun(genesis: Op): View<S> {
    const above = this.above(genesis.mission);
    const set = { frontier: [genesis], forks: genesis.forks };
    const state = this.#states.compute(this.setting(above), set);
    return { state, mission: this.law.missionOf(state, above) };
  }

  /** The view after one commit more, whose past has the view `before`. */
  after(before: View<S>, op: Op): View<S> {
    if (!op.significant) return before;
    const above = this.above(op.mission);
    const setting = this.setting(above);
    const kind = this.law.kinds.get(op.envelope.k);
    const isRetroactive = kind?.isRetroactive?.(before.state, op.x) ?? false;
    const isWhole = this.#isNotice(op, above) || mayFall(op) || isRetroactive;
    const state = isWhole
      ? this.#states.compute(setting, { frontier: [op], forks: op.forks })
      : extend(setting, before.state, op);
    return { state, mission: this.law.missionOf(state, above) };
  }

  /** Keeps the view after an admitted commit, so that its children need no Resolve. */
  keep(op: Op, after: View<S>): void {
    if (!op.significant) return;
    const set = { frontier: [op], forks: op.forks };
    this.#states.keep(set, worldUnder(this.above(op.mission)), after.state);
  }

  /** Says of commits of a set why they have no effect, if they have none (§9.2, step 4). */
  judge(view: View<S>, set: Known, missionHeads: readonly Op[]): (op: Op) => Reason | undefined {
    const setting = this.setting(this.above(missionHeads));
    const findings = findingsOf(setting, view.state, this.#significant(set));
    return (op) => excluded(setting, findings, view.state, op);
  }

  /** Says of commits whether nobody who knows this set may build on them (R14). */
  bars(view: View<S>, set: Known, missionHeads: readonly Op[]): (op: Op) => boolean {
    const setting = this.setting(this.above(missionHeads));
    const ops = this.#significant(set);
    return (op) => barred(setting, view.state, ops, op);
  }

  /** Git tree and tree hash of a view. */
  tree(view: View<S>): Node {
    return this.law.tree(view);
  }

  scene(cid: string, op: Op, view: View<S>): Scene<S> {
    const saw = (sid: string) => {
      const other = this.graph.get(sid);
      return other !== undefined && this.graph.saw(op, other);
    };
    return { cid, op, state: view.state, mission: view.mission, graph: this.graph, saw };
  }

  /** Significant commits of a set in order, found once and only if asked for. */
  #significant({ frontier }: Known): () => readonly Op[] {
    let ops: readonly Op[] | undefined;
    return () => (ops ??= this.graph.closure(frontier).sort(inOrder));
  }

  /** Whether the device first learns of a removal in the mission: that can move a cut (M6). */
  #isNotice(op: Op, above: Above | undefined): boolean {
    if (above === undefined || above.state.removals.size === 0) return false;
    const { previous } = op;
    return previous === undefined || worldUnder(this.above(previous.mission)) !== worldUnder(above);
  }

  setting(above: Above | undefined): Setting<S> {
    return this.law.setting(this.graph, above);
  }

  above(missionHeads: readonly Op[]): Above | undefined {
    const { mission } = this;
    if (mission === undefined) return undefined;
    return {
      state: mission.viewOf(missionHeads, []).state,
      knows: (op, sid) => {
        const commit = mission.graph.get(sid);
        return commit !== undefined && mission.graph.within(op.mission, commit);
      },
    };
  }
}

/** Whether this is the tree of a view, by its SHA-512 hash and its git name (R12). */
export function isTree(node: Node, { envelope, tree }: Subject): boolean {
  return toB64u(node.th) === envelope.th && node.object.oid === tree;
}

/** Whether a resolution may rest on ballots that its own past has struck (V2). */
function mayFall({ envelope, forks }: Op): boolean {
  return envelope.k === 'resolve' && forks.size > 0;
}

function worldUnder(above: Above | undefined): string {
  return above === undefined ? '' : worldOf(above.state);
}
