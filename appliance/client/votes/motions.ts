import type { MissionState } from '#protocol/state/mission-state.ts';
import { motionKey, targetKey, type Motion } from '#protocol/state/swarm-state.ts';
import type { VoteView } from '../closing-model.ts';

/** What a person can ask the parties. */
export type Question = VoteView['about'];

/** The question as a motion on what was decided before (V9); undefined if it is about nobody. */
export function motionOf(state: MissionState, cid: string, about: Question): Motion | undefined {
  const target = targetOf(state, cid, about);
  return target && { ...target, basis: state.decided.get(targetKey(target)) ?? [] };
}

/** The question of a motion; undefined for what the screens do not ask. */
export function questionOf(state: MissionState, { a, c, u }: Motion): Question | undefined {
  if (a === 'close') return { kind: 'close' };
  if (a !== 'ban') return undefined;
  if (c === 'member') return { kind: 'remove-member', person: u };
  const slot = c === 'party' ? state.parties.get(u)?.slot : undefined;
  return slot === undefined ? undefined : { kind: 'remove-party', slot };
}

/** The party that a motion is against; undefined if against none. */
export function partyAgainst(state: MissionState, { c, u }: Motion): string | undefined {
  return c === 'party' ? u : state.members.get(u)?.party;
}

/** A motion's name in lists and routes. */
export function idOf(motion: Motion): string {
  return motionKey(motion).replaceAll(' ', '.');
}

function targetOf(
  { members, parties }: MissionState,
  cid: string,
  about: Question,
): Omit<Motion, 'basis'> | undefined {
  if (about.kind === 'close') return { a: 'close', c: 'swarm', u: cid };
  if (about.kind === 'remove-member') {
    return members.has(about.person) ? { a: 'ban', c: 'member', u: about.person } : undefined;
  }
  const party = [...parties].find(([, { slot }]) => slot === about.slot)?.[0];
  return party === undefined ? undefined : { a: 'ban', c: 'party', u: party };
}
