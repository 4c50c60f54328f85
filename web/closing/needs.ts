import type { ClosingView, VoteView } from '#client/closing-model.ts';
import type { MissionView } from '#client/model.ts';

/** What waits for this person about the end, if anything. */
export type ClosingNeed = 'sync' | 'save' | 'damaged' | 'sign' | 'wait' | 'goOn' | 'certificate';

/** Needs that this person can do something about now. */
const pressing: ReadonlySet<ClosingNeed> = new Set([
  'save',
  'damaged',
  'sign',
  'goOn',
  'certificate',
]);

/** Open votes that this person can vote in and has not. */
export function votesToCast({ closing, votes }: MissionView): readonly VoteView[] {
  if (closing) return [];
  return votes.filter((vote) => vote.state === 'open' && vote.canVote && vote.mine === undefined);
}

/** What the end asks of this person; undefined while the mission goes on. */
export function closingNeed({ closing, me }: MissionView): ClosingNeed | undefined {
  if (!closing) return undefined;
  const { record, step } = closing;
  if (step === 'wiped') return 'certificate';
  if (step === 'record') {
    if (!record || record.state === 'none') return 'save';
    if (record.state === 'damaged' || record.state === 'lacking') return 'damaged';
    if (record.state === 'held' && closing.receipt === 'none' && closing.canSign) return 'sign';
  }
  // One's own party can be let go, too, but nobody is asked to.
  if (mayGoOnWithout(closing, me).some((slot) => slot !== me.slot)) return 'goOn';
  return step === 'record' ? 'wait' : 'sync';
}

/** Parties that this person may say to go on without, and whose party has not said it yet. */
export function mayGoOnWithout(
  { missing, step }: ClosingView,
  me: MissionView['me'],
): readonly number[] {
  if (!me.isLead || step === 'wiping' || step === 'wiped') return [];
  return missing
    .filter(({ secondsLeft, goOn }) => secondsLeft === 0 && !goOn.includes(me.slot))
    .map(({ slot }) => slot);
}

/** Whether the person should look now, which is what saffron says. */
export function isPressing(need: ClosingNeed): boolean {
  return pressing.has(need);
}

/** How many things of the mission wait for this person. */
export function needCount(mission: MissionView): number {
  const need = closingNeed(mission);
  return votesToCast(mission).length + (need && isPressing(need) ? 1 : 0);
}
