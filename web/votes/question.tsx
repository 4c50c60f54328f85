import type { ReactNode } from 'react';
import type { VoteView } from '#client/closing-model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { usePersonWords } from '../messaging/person-words.ts';
import { useMission } from '../session/client-context.tsx';
import { cleanName } from '../ui/party/clean-name.ts';
import { partyAt } from '../ui/party/slot.ts';

/** What a vote asks: as plain text, and with the names closed off. */
export function useQuestion(): (about: VoteView['about']) => { text: string; content: ReactNode } {
  const { t } = useStrings();
  const { charter, people } = useMission();
  const personWords = usePersonWords(charter.parties);
  const partyName = (slot: number) => partyAt(charter.parties, slot)?.name ?? '';
  return (about) => {
    if (about.kind === 'close') {
      const values = { mission: charter.name };
      return {
        text: t('vote.ask.close', { mission: cleanName(charter.name) }),
        content: <Phrase of="vote.ask.close" values={values} />,
      };
    }
    if (about.kind === 'remove-party') {
      const values = { party: partyName(about.slot) };
      return {
        text: t('vote.ask.party', { party: cleanName(values.party) }),
        content: <Phrase of="vote.ask.party" values={values} />,
      };
    }
    const person = people.find(({ id }) => id === about.person);
    if (!person) return { text: t('vote.ask.gone'), content: t('vote.ask.gone') };
    const values = { name: personWords(person), party: partyName(person.slot) };
    return {
      text: t('vote.ask.member', { name: values.name, party: cleanName(values.party) }),
      content: <Phrase of="vote.ask.member" values={values} />,
    };
  };
}

/** Whether two votes ask the same. */
export function isSameQuestion(a: VoteView['about'], b: VoteView['about']): boolean {
  if (a.kind === 'remove-member') return b.kind === a.kind && b.person === a.person;
  if (a.kind === 'remove-party') return b.kind === a.kind && b.slot === a.slot;
  return b.kind === 'close';
}
