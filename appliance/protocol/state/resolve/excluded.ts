import type { Op } from '../op.ts';
import { isAboutReopening } from '../actions/reopen.ts';
import type { SwarmState } from '../swarm-state.ts';
import { isBehindCut } from './cut.ts';
import type { Cause } from './removals.ts';
import type { Setting } from './setting.ts';
import { isPartySubject, subjectsOf } from './subjects.ts';

/** Why a commit has no effect: shown in the drawer of hidden commits (C9). */
export type Reason = 'removed' | 'removed-in-mission' | 'demoted' | 'no-standing' | 'fell';

/** What the steps before the walk found out about a set. */
export interface Findings {
  /** Significant commits of the set in order; only asked for when a cut must be found (M6). */
  ops: () => readonly Op[];
  removals: ReadonlyMap<string, readonly Cause[]>;
  demotions: ReadonlyMap<string, readonly Op[]>;
}

/**
 * Step 4 as amended by V4–V6 and M5. `state` is the walk's state before the op, or for a
 * content commit the final one: whatever lifts a removal lies in the op's past.
 */
export function excluded<S extends SwarmState>(
  setting: Setting<S>,
  findings: Findings,
  state: S,
  op: Op,
): Reason | undefined {
  const isDecided = op.envelope.k === 'resolve';
  if (isDecided) return state.fallen.includes(op.sid) ? 'fell' : undefined;
  if (isRemoved(setting, findings, state, op)) return 'removed';
  if (isRemovedAbove(setting, findings, op)) return 'removed-in-mission';
  if (isDemoted(setting, findings, state, op)) return 'demoted';
  return setting.hasStanding(state, op) ? undefined : 'no-standing';
}

/** Whether it is a join by whoever has the join key (mode 3). */
export function isByKey({ envelope, x }: Pick<Op, 'envelope' | 'x'>): boolean {
  return envelope.k === 'join' && (x as { s?: string } | undefined)?.s !== undefined;
}

/** Whether a ban that stands did not know the commit, nor the commit the ban (C3). */
export function isBanned<S extends SwarmState>(
  { graph }: Setting<S>,
  { removals }: Pick<Findings, 'removals'>,
  op: Op,
): boolean {
  return subjectsOf(op.author).some((key) =>
    (removals.get(key) ?? []).some(
      ({ op: by, kind }) => kind === 'ban' && !graph.saw(by, op) && !graph.saw(op, by),
    ),
  );
}

function isRemoved<S extends SwarmState>(
  { graph }: Setting<S>,
  { removals }: Findings,
  state: S,
  op: Op,
): boolean {
  // The removed have a voice about reopening (V7); whether it counts, its resolution says.
  const isVoice = op.envelope.k === 'vote' && isAboutReopening(op.x);
  const keys = subjectsOf(op.author).filter((key) => !isVoice || !isPartySubject(key));
  return keys.some((key) =>
    (removals.get(key) ?? []).some(({ op: by, kind }) => {
      if (by === op || graph.saw(by, op)) return false;
      if (!graph.saw(op, by)) return kind === 'ban' || op.envelope.k === 'msg';
      // Who comes back with the join key lifts the own departure by that.
      if (kind === 'left' && isByKey(op)) return false;
      const held = state.removals.get(key)?.find((removal) => removal.by === by.sid);
      return !held?.lifts.some((sid) => isPast(graph.get(sid), op));
    }),
  );

  function isPast(lift: Op | undefined, of: Op): boolean {
    return lift !== undefined && graph.saw(of, lift);
  }
}

function isRemovedAbove<S extends SwarmState>(
  { above, graph }: Setting<S>,
  { ops }: Findings,
  op: Op,
): boolean {
  if (above === undefined) return false;
  return subjectsOf(op.author).some((key) =>
    (above.state.removals.get(key) ?? []).some((removal) => {
      if (above.knows(op, removal.by)) return !removal.lifts.some((sid) => above.knows(op, sid));
      if (removal.kind === 'left' && op.envelope.k !== 'msg') return false;
      return isBehindCut(graph, ops(), above, removal.by, op, isPartySubject(key));
    }),
  );
}

function isDemoted<S extends SwarmState>(
  setting: Setting<S>,
  { demotions }: Findings,
  state: S,
  op: Op,
): boolean {
  const { graph } = setting;
  const mine = demotions.get(op.author.member);
  if (mine === undefined || !setting.needsAdmin(state, op)) return false;
  return mine.some((by) => by !== op && !graph.saw(by, op) && !graph.saw(op, by));
}

/** The findings about a set as its state remembers them: to judge content, parents and drawer. */
export function findingsOf<S extends SwarmState>(
  { demotionsOf, graph }: Setting<S>,
  state: S,
  ops: () => readonly Op[],
): Findings {
  const known = (sid: string) => graph.get(sid);
  const removals = [...state.removals].map(([key, held]): [string, Cause[]] => [
    key,
    held.flatMap(({ by, kind }) => {
      const op = known(by);
      return op === undefined ? [] : [{ op, kind }];
    }),
  ]);
  const demotions = [...demotionsOf(state)].map(([member, by]): [string, Op[]] => [
    member,
    by.flatMap((sid) => known(sid) ?? []),
  ]);
  return { ops, removals: new Map(removals), demotions: new Map(demotions) };
}
