import type { PartyView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { useMission } from '../session/client-context.tsx';
import { GoButton, GoIconButton } from '../ui/button.tsx';
import { ChevronRight, UserPlus } from '../ui/icons.ts';
import { Pane } from '../ui/pane.tsx';
import { cleanName } from '../ui/party/clean-name.ts';
import { Name, PartyBadge } from '../ui/party/party-badge.tsx';
import { Card } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import { peopleOf, PersonRows } from './party-card.tsx';
import styles from './people.module.css';

/** Everybody in the mission, by party; one's own party first. */
export function People() {
  const { t } = useStrings();
  const { charter, me, people } = useMission();
  const own = charter.parties.filter(({ slot }) => slot === me.slot);
  const others = charter.parties.filter(({ slot }) => slot !== me.slot);
  return (
    <Pane
      title={t('people.title')}
      heading={t('people.title')}
      sub={t('people.count', { count: people.length })}
      tools={
        me.isLead ? (
          <GoButton to="/invite" look="primary" icon={UserPlus}>
            {t('people.invite')}
          </GoButton>
        ) : null
      }
    >
      {[...own, ...others].map((party) => (
        <PartyCard key={party.slot} party={party} />
      ))}
    </Pane>
  );
}

function PartyCard({ party }: { party: PartyView }) {
  const { t, tag } = useStrings();
  const { compared, me, people } = useMission();
  const members = peopleOf(party, people, tag);
  const isOwn = party.slot === me.slot;
  const state = isOwn
    ? t('people.yours')
    : compared.includes(party.slot)
      ? t('people.compared')
      : t('people.notCompared');
  return (
    <Card>
      <div className={styles.head}>
        <PartyBadge party={party} isLarge />
        <span className={styles.words}>
          <h2>
            <Name>{party.name}</Name>
          </h2>
          <span className={`${text.tiny} ${text.muted}`}>
            {state} • {t('people.count', { count: members.length })}
          </span>
        </span>
        <GoIconButton
          name={t('people.openParty', { name: cleanName(party.name) })}
          icon={ChevronRight}
          to={`/people/party/${party.slot}`}
        />
      </div>
      <PersonRows people={members} />
    </Card>
  );
}
