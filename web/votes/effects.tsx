import type { VoteView } from '#client/closing-model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { usePersonWords } from '../messaging/person-words.ts';
import { useMission } from '../session/client-context.tsx';
import {
  Archive,
  Eraser,
  KeyRound,
  LogOut,
  type LucideIcon,
  MessageCircle,
  RefreshCw,
  TriangleAlert,
} from '../ui/icons.ts';
import { partyAt } from '../ui/party/slot.ts';
import { Note } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import styles from './votes.module.css';

const closeLines = [
  ['sync', RefreshCw],
  ['record', Archive],
  ['wipe', Eraser],
  ['undone', TriangleAlert],
] as const;
const removeLines = [
  ['leaves', LogOut],
  ['stays', MessageCircle],
  ['keys', KeyRound],
] as const;
const partyLines = [
  ['leaves', LogOut],
  ['stays', MessageCircle],
  ['record', Archive],
] as const;

/** What happens if a vote passes, and what it cannot do. */
export function Effects({ about }: { about: VoteView['about'] }) {
  const { t } = useStrings();
  const { charter, people } = useMission();
  const personWords = usePersonWords(charter.parties);
  const person =
    about.kind === 'remove-member' ? people.find(({ id }) => id === about.person) : undefined;
  const name =
    about.kind === 'remove-party'
      ? (partyAt(charter.parties, about.slot)?.name ?? '')
      : person
        ? personWords(person)
        : t('vote.formerMember');
  return (
    <>
      <ul className={styles.effects}>
        {about.kind === 'close'
          ? closeLines.map(([line, icon]) => (
              <Line key={line} icon={icon}>
                {t(`vote.close.${line}`)}
              </Line>
            ))
          : about.kind === 'remove-party'
            ? partyLines.map(([line, icon]) => (
                <Line key={line} icon={icon}>
                  <Phrase of={`vote.party.${line}`} values={{ name }} />
                </Line>
              ))
            : removeLines.map(([line, icon]) => (
                <Line key={line} icon={icon}>
                  <Phrase of={`vote.member.${line}`} values={{ name }} />
                </Line>
              ))}
      </ul>
      <h3 className={styles.limit}>{t('vote.cannot')}</h3>
      <p className={text.muted}>
        {about.kind === 'close' ? t('vote.close.limit') : t('vote.removeLimit')}
      </p>
      <Note>{t('vote.mayChange')}</Note>
    </>
  );
}

function Line({ icon: Icon, children }: { icon: LucideIcon; children: React.ReactNode }) {
  return (
    <li>
      <Icon size={22} className={Icon === LogOut ? text.flip : undefined} aria-hidden />
      <span>{children}</span>
    </li>
  );
}
