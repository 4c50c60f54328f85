import { cidOf } from '../bytes/hash.ts';
import { b64u } from '../bytes/text-form.ts';
import { isCommitSigned, type Commit } from '../commit/commit.ts';
import { Graph } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import { subjectOf } from '../identity/certificate.ts';
import { genesisBytes, readFounding, type Founding } from '../identity/founding.ts';
import { must, refuse } from '../refusal.ts';
import type { Author } from '../resolve/removal.ts';
import { Swarm } from '../resolve/swarm.ts';
import type { MissionState } from './state.ts';
import { missionFiles } from '../tree/mission-tree.ts';
import type { Trees } from '../tree/tree.ts';
import { checkParents } from '../votes/rules.ts';
import { missionLaw } from './law.ts';
import { hasVoice } from './reopening.ts';
import { selfIntroduced } from './people.ts';
import { afterClose, isLeadNow, missionRules, notWhileFrozen } from './rules.ts';
import { isDeviceEffective, isMemberEffective, isPartyEffective } from './state.ts';

/** The mission's own swarm, judged commit by commit. */
export class MissionCheck {
  readonly graph: Graph;
  readonly swarm: Swarm<MissionState>;
  readonly founding: Founding;
  readonly #trees: Trees;

  constructor(cid: string, genesis: Commit, trees: Trees) {
    this.graph = new Graph(cid);
    this.founding = readFounding(
      genesis.envelope.k === 'genesis' ? (genesis.envelope.x ?? {}) : {},
    );
    this.swarm = new Swarm(this.graph, missionLaw(this.founding));
    this.#trees = trees;
  }

  /** Places a commit: signature and links. Parents first. */
  place(commit: Commit): Op {
    must(isCommitSigned(commit), 'R4', 'the signature does not hold');
    const isOther = commit.envelope.k === 'genesis' && cidOf(commit.sid) !== this.graph.cid;
    must(!isOther, 'R7', 'it is the genesis of another mission');
    return this.graph.place(commit);
  }

  /** Judges a placed commit: standing, kind, tree. What fails is forgotten. */
  judge(op: Op): void {
    try {
      if (op.k !== 'genesis') this.#rules(op);
      this.swarm.take(op);
      this.#tree(op);
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

  #rules(op: Op): void {
    const { graph, swarm } = this;
    const rule = Object.hasOwn(missionRules, op.k) ? missionRules[op.k] : undefined;
    if (rule === undefined) refuse('R5', `the mission has no kind ${op.k}`);
    const view = swarm.before(op);
    const { state } = view;
    const isWhole = state.founded.size === this.founding.founders.length;
    must(
      isWhole || ['found', 'merge'].includes(op.k),
      'F4',
      'not all parties have founded in its past',
    );
    must(
      graph.forkedFrom(op.past, op.d) === undefined,
      'R13',
      'its device is known to have forked',
    );
    const author = this.#author(op, state, view.authorFor(op.d));
    checkParents(view, op);
    const isClosed = state.closes.length > 0;
    must(!isClosed || afterClose.includes(op.k), 'R15', 'the mission is closed in its past');
    must(!view.state.isFrozen || !notWhileFrozen.includes(op.k), 'V7', 'the mission is frozen');
    rule({ op, x: op.x, author, view, state, isLead: isLeadNow(state, author) });
  }

  #author(op: Op, state: MissionState, known: Author | undefined): Author {
    if (known !== undefined) {
      const isReopening = ['vote', 'resolve'].includes(op.k) && op.x['a'] === 'reopen';
      const mayWrite = isDeviceEffective(state, op.d) || (isReopening && hasVoice(state, op.d));
      must(mayWrite, 'R17', 'its author was removed');
      return known;
    }
    const isNew = ['devadd', 'join'].includes(op.k) && op.q === 0;
    must(isNew && typeof op.x['d'] === 'object', 'R16', 'the mission does not know its device');
    const { dfp, mfp } = selfIntroduced(op.x['d']);
    must(dfp === op.d, 'R16', 'the mission does not know its device');
    if (op.k === 'join') {
      const party = subjectOf(op.x['m'])['p'] as string;
      must(isPartyEffective(state, party), 'R17', 'its party was removed');
      return { device: op.d, member: mfp, party };
    }
    const party = state.members.get(mfp)?.party;
    must(party !== undefined, 'R16', 'the mission does not know its device');
    must(isMemberEffective(state, mfp), 'R17', 'its author was removed');
    return { device: op.d, member: mfp, party };
  }

  #tree(op: Op): void {
    const tree = this.#trees.make(missionFiles(this.swarm.after(op).state));
    const isTree = op.commit.envelope.th === b64u(tree.th) && op.commit.tree === tree.oid;
    must(isTree, 'R12', 'its tree is not the one that follows from what it rests on');
    if (op.k !== 'genesis') return;
    const bytes = genesisBytes(this.founding, { oid: tree.oid, th: b64u(tree.th) });
    must(
      bytes.equals(op.commit.raw),
      'R20',
      'the genesis is not the one that follows from the founding',
    );
  }
}
