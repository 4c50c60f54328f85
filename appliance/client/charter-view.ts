import type { Charter } from '#protocol/mission/charter.ts';
import type { Names } from '#protocol/mission/names.ts';
import type { CharterView, MissionDraft } from './model.ts';
import { problem } from './problem.ts';

/** What the parties agreed on, with its words. */
export function charterView(charter: Charter, names: Names): CharterView {
  return {
    name: names.name,
    purpose: names.purpose,
    parties: names.parties.map(({ name, code }, slot) => ({ slot, name, code })),
    history: charter.hist,
    addParty: charter.addparty,
    close: charter.close,
    wipeAfterHours: charter.wait,
  };
}

/** The numbers of a proposal; V11 then makes changes of the charter as hard as anything in it. */
export function charterOf(draft: MissionDraft, names: string): Charter {
  const strictest = [draft.addParty, draft.close].includes('all')
    ? 'all'
    : [draft.addParty, draft.close].includes('two-thirds')
      ? 'two-thirds'
      : 'majority';
  return {
    v: 1,
    unit: 'party',
    n: draft.parties.length,
    // Adding a party must not be easier than closing (V11); a stricter wish stays.
    addparty: strictest,
    rule: strictest,
    ban: 'majority',
    close: draft.close,
    update: 'majority',
    hist: draft.history,
    wait: draft.wipeAfterHours,
    names,
  };
}

/** The words of a proposal, cleaned; refuses what could not be told apart. */
export function namesOf(draft: MissionDraft): Names {
  const parties = draft.parties.map(({ name, code }) => ({ name: name.trim(), code: code.trim() }));
  const differ = (values: string[]): boolean =>
    new Set(values.map((value) => value.toLocaleLowerCase('en'))).size === values.length;
  const isWhole =
    parties.length >= 2 &&
    parties.length <= 32 &&
    draft.name.trim() !== '' &&
    parties.every(({ name, code }) => name !== '' && code !== '') &&
    differ(parties.map(({ name }) => name)) &&
    differ(parties.map(({ code }) => code));
  if (!isWhole) throw problem('FOUNDING_DRAFT');
  return { name: draft.name.trim(), purpose: draft.purpose.trim(), parties };
}
