import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { useMission } from '../session/client-context.tsx';
import { GoButton } from '../ui/button.tsx';
import { Check, CircleDashed, UserPlus } from '../ui/icons.ts';
import { Pane } from '../ui/pane.tsx';
import { cleanName } from '../ui/party/clean-name.ts';
import { Name, PartyBadge } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import { Card, Note, Pill } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import { ProposeButton } from '../votes/propose-button.tsx';
import { peopleOf, PersonRows } from './party-card.tsx';
import { People } from './people.tsx';
import styles from './people.module.css';

/** One party: its leads, its members, and whether its lead compared the safety code. */
export function Party({ slot }: { slot: number }) {
  const { t, tag } = useStrings();
  const { charter, compared, me, people } = useMission();
  const party = partyAt(charter.parties, slot);
  if (!party) return <People />;
  const everybody = peopleOf(party, people, tag);
  const members = everybody.filter(({ isLead }) => !isLead);
  const isOwn = party.slot === me.slot;
  const isCompared = compared.includes(party.slot);
  return (
    <Pane
      title={t('people.party', { name: cleanName(party.name) })}
      heading={<Name>{party.name}</Name>}
      sub={t('people.count', { count: everybody.length })}
      back="/people"
      tools={
        isOwn && me.isLead ? (
          <GoButton to="/invite" look="primary" icon={UserPlus}>
            {t('people.invite')}
          </GoButton>
        ) : null
      }
    >
      <div className={styles.head}>
        <PartyBadge party={party} isLarge />
        <Pill icon={isCompared ? Check : CircleDashed} tone={isCompared ? 'ok' : 'plain'}>
          {isCompared ? t('people.compared') : t('people.notCompared')}
        </Pill>
      </div>
      <Card>
        <h2>{t('people.leads')}</h2>
        <PersonRows people={everybody.filter(({ isLead }) => isLead)} canCall />
      </Card>
      <Card>
        <h2>{t('people.members')}</h2>
        {members.length > 0 ? (
          <PersonRows people={members} canCall />
        ) : (
          <p className={text.muted}>{t('people.noMembers')}</p>
        )}
      </Card>
      {isOwn ? null : <ProposeButton about={{ kind: 'remove-party', slot: party.slot }} />}
      {isOwn && !me.isLead ? (
        <Note>
          <Phrase of="people.onlyLeads" values={{ party: party.name }} />
        </Note>
      ) : null}
    </Pane>
  );
}
