import type { VoteView } from '#client/closing-model.ts';
import { useStrings } from '../language/i18n.ts';
import { useMission } from '../session/client-context.tsx';
import { Check, CircleDashed, X } from '../ui/icons.ts';
import { Name, PartyBadge } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import { Card, Pill } from '../ui/surface.tsx';
import styles from './votes.module.css';

/** What a party said, for lists and the table. */
export function choiceOf({ yes, no }: VoteView, slot: number): 'yes' | 'no' | 'open' {
  if (yes.includes(slot)) return 'yes';
  return no.includes(slot) ? 'no' : 'open';
}

const icons = { yes: Check, no: X, open: CircleDashed };
const tones = { yes: 'ok', no: 'plain', open: 'plain' } as const;

/** Each party that votes, with what it said. */
export function WhoVoted({ vote }: { vote: VoteView }) {
  const { t } = useStrings();
  const { charter, me } = useMission();
  // Saffron only where the reader can do something.
  const isAsked = vote.state === 'open' && vote.canVote;
  return (
    <Card>
      <h3 className={styles.who}>{t('vote.who')}</h3>
      <ul className={styles.list}>
        {vote.units.map((slot) => {
          const party = partyAt(charter.parties, slot);
          if (!party) return null;
          const choice = choiceOf(vote, slot);
          return (
            <li key={slot}>
              <PartyBadge party={party} isLarge />
              <span className={styles.words}>
                <b>
                  <Name>{party.name}</Name>
                </b>
                {slot === me.slot ? ` • ${t('vote.yourParty')}` : null}
                <small>
                  {slot === vote.proposedBy ? t('vote.proposed') : t(`vote.said.${choice}`)}
                </small>
              </span>
              <Pill
                icon={icons[choice]}
                tone={
                  choice === 'open' && isAsked && slot === me.slot ? 'attention' : tones[choice]
                }
              >
                {t(`vote.${choice}`)}
              </Pill>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
