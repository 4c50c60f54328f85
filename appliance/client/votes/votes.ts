import type { Json } from '#protocol/codec/canonical-json.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import { motionKey, type Motion } from '#protocol/state/swarm-state.ts';
import type { VoteView } from '../closing-model.ts';
import type { LocalSwarm } from '../local-swarm.ts';
import { ClientProblem } from '../model.ts';
import type { Clock } from '../ports.ts';
import { problem } from '../problem.ts';
import { minuteOf } from '../room.ts';
import type { Self } from '../self.ts';
import { canVote, countOf } from './count.ts';
import { idOf, motionOf, partyAgainst, type Question } from './motions.ts';
import { voteViews } from './vote-views.ts';

export interface VotesDeps {
  clock: Clock;
  self: Self;
  mission: LocalSwarm<MissionState>;
}

/** What the parties decide together (V): asking, saying yes or no, writing down what has passed. */
export class Votes {
  readonly #deps: VotesDeps;
  #last: { at: string; views: readonly VoteView[] } | undefined;

  constructor(deps: VotesDeps) {
    this.#deps = deps;
  }

  /** Open and decided questions, newest first; the same list until something changed. */
  views(): readonly VoteView[] {
    const { mission, self } = this.#deps;
    const at = `${mission.replica.size} ${mission.outbox.head?.q ?? ''}`;
    if (this.#last?.at !== at) {
      this.#last = { at, views: voteViews(mission.replica, self.mfp) };
    }
    return this.#last.views;
  }

  /** Asks the parties, with one's own yes. A question that is open already only gets the yes. */
  async propose(about: Question): Promise<void> {
    const { mission } = this.#deps;
    const motion = motionOf(this.#state(), mission.cid, about);
    if (!motion) throw problem('VOTE_REFUSED');
    await this.#say(motion, 'for');
  }

  /** Says yes or no, the other of what was said, or nothing any more. */
  async vote(id: string, choice: 'yes' | 'no' | 'withdraw'): Promise<void> {
    const motion = this.#openMotions().find((one) => idOf(one) === id);
    if (!motion) throw problem('VOTE_GONE');
    await this.#say(motion, choices[choice]);
  }

  /**
   * Writes down what has votes enough. Every lead's device does so as soon as it sees it; several
   * at once decide the same (C8).
   */
  async tend(): Promise<void> {
    const { self } = this.#deps;
    for (const motion of this.#openMotions()) {
      const { ballots, needed, yes } = countOf(this.#state(), motion);
      if (yes.length < needed || !canVote(this.#state(), self.mfp, motion)) continue;
      const { a, basis, c, u } = motion;
      await this.#write('resolve', { a, basis: [...basis], c, u, votes: [...ballots] });
    }
  }

  async #say(motion: Motion, ch: 'for' | 'against' | 'withdraw'): Promise<void> {
    const { mfp } = this.#deps.self;
    const state = this.#state();
    if (state.closed.length > 0) throw problem('MISSION_CLOSED');
    const own = state.members.get(mfp)?.party;
    if (partyAgainst(state, motion) === own) throw problem('VOTE_OWN_PARTY');
    if (!canVote(state, mfp, motion)) throw problem('NOT_A_LEAD');
    const said = [...state.ballots.values()].filter(
      (one) => one.member === mfp && motionKey(one.motion) === motionKey(motion),
    );
    const isSaid = said.some(({ isAgainst }) => (isAgainst ? 'against' : 'for') === ch);
    const isNothing = ch === 'withdraw' && said.length === 0;
    if ((isSaid && said.length === 1) || isNothing) return;
    const { a, basis, c, u } = motion;
    try {
      await this.#write('vote', { a, basis: [...basis], c, ch, u });
    } catch (error) {
      const isRefused =
        error instanceof ClientProblem && error.problem.code === 'CONVERSATION_REFUSED';
      throw isRefused ? problem('VOTE_REFUSED', error) : error;
    }
  }

  /** Motions with an open ballot, each once. */
  #openMotions(): Motion[] {
    const { mission } = this.#deps;
    if (!mission.isKnown || mission.fault) return [];
    const all = [...this.#state().ballots.values()].map(({ motion }) => motion);
    return [...new Map(all.map((motion) => [motionKey(motion), motion])).values()];
  }

  async #write(k: string, x: { [key: string]: Json }): Promise<void> {
    const { clock, mission, self } = this.#deps;
    const proposal = { k, d: self.dfp, seconds: minuteOf(clock.now()), x };
    await mission.write(() => Promise.resolve({ proposal }));
  }

  #state(): MissionState {
    return this.#deps.mission.replica.view().state;
  }
}

const choices = { yes: 'for', no: 'against', withdraw: 'withdraw' } as const;
