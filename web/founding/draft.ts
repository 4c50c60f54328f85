import type { MissionDraft } from '#client/model.ts';
import { thresholds } from '../mission/charter-lines.ts';
import { lookOf } from './look-alike.ts';

/** Longest mission or party name and longest purpose, in characters; they must fit a phone. */
export const longest = { name: 60, partyName: 40, purpose: 280 } as const;

/** Parties that one screen can tell apart by colour, letter and pattern together. */
export const partyCount = { least: 2, most: 12 } as const;

/** A mistake in one place of a draft; the key of its sentence is `propose.problem.<what>`. */
export interface DraftMistake {
  readonly what:
    | 'noName'
    | 'nameLong'
    | 'noPurpose'
    | 'fewParties'
    | 'noPartyName'
    | 'samePartyName'
    | 'noCode'
    | 'sameCode'
    | 'weakRule'
    | 'lookAlike';
  readonly where: 'name' | 'purpose' | 'parties' | 'partyName' | 'partyCode' | 'addParty';
  /** Row of the party, from 0. */
  readonly row?: number;
  /** The other name, for a look-alike. */
  readonly other?: string;
  /** A warning does not stop the proposal. */
  readonly isWarning?: true;
}

/** The draft as it is proposed: spaces at the ends and line breaks gone, codes in capitals. */
export function tidy(draft: MissionDraft): MissionDraft {
  const line = (text: string) => text.replace(/\s+/gu, ' ').trim();
  return {
    ...draft,
    name: line(draft.name),
    purpose: line(draft.purpose),
    parties: draft.parties.map(({ name, code }) => ({
      name: line(name),
      code: line(code).toLocaleUpperCase('en'),
    })),
  };
}

/** Everything that is wrong or doubtful in a draft, in the order of the screen. */
export function checkDraft(untidy: MissionDraft): readonly DraftMistake[] {
  const draft = tidy(untidy);
  const found: DraftMistake[] = [];
  if (draft.name === '') found.push({ what: 'noName', where: 'name' });
  if (lengthOf(draft.name) > longest.name) found.push({ what: 'nameLong', where: 'name' });
  if (draft.purpose === '') found.push({ what: 'noPurpose', where: 'purpose' });
  if (lengthOf(draft.purpose) > longest.purpose) found.push({ what: 'nameLong', where: 'purpose' });
  if (draft.parties.length < partyCount.least) found.push({ what: 'fewParties', where: 'parties' });
  for (const row of draft.parties.keys()) found.push(...checkParty(draft, row));
  // V11: what adds a party may add the votes that close; it must not be easier.
  if (thresholds.indexOf(draft.addParty) < thresholds.indexOf(draft.close)) {
    found.push({ what: 'weakRule', where: 'addParty' });
  }
  return found;
}

function checkParty(draft: MissionDraft, row: number): readonly DraftMistake[] {
  const found: DraftMistake[] = [];
  const party = draft.parties[row];
  if (!party) return found;
  const before = draft.parties.slice(0, row);
  if (party.name === '') found.push({ what: 'noPartyName', where: 'partyName', row });
  else if (lengthOf(party.name) > longest.partyName) {
    found.push({ what: 'nameLong', where: 'partyName', row });
  } else if (before.some(({ name }) => name === party.name)) {
    found.push({ what: 'samePartyName', where: 'partyName', row });
  } else {
    const twin = before.find(({ name }) => name !== '' && lookOf(name) === lookOf(party.name));
    if (twin) {
      const other = twin.name;
      found.push({ what: 'lookAlike', where: 'partyName', row, other, isWarning: true });
    }
  }
  const letters = lengthOf(party.code);
  if (letters < 1 || letters > 2) found.push({ what: 'noCode', where: 'partyCode', row });
  else if (before.some(({ code }) => lookOf(code) === lookOf(party.code))) {
    found.push({ what: 'sameCode', where: 'partyCode', row });
  }
  return found;
}

/** Characters as people count them. */
function lengthOf(text: string): number {
  return [...new Intl.Segmenter().segment(text)].length;
}

/** A free code for a party's name: its first letter, else its first and another one. */
export function suggestCode(name: string, taken: readonly string[]): string {
  const letters = [...name.toLocaleUpperCase('en')].filter((letter) =>
    /[\p{Letter}\p{Number}]/u.test(letter),
  );
  const [first] = letters;
  if (first === undefined) return '';
  const free = (code: string) => !taken.some((other) => lookOf(other) === lookOf(code));
  return [first, ...letters.slice(1).map((letter) => first + letter)].find(free) ?? '';
}
