import { Name, PartyBadge, PartyName } from '../../ui/party/party-badge.tsx';
import { Card } from '../../ui/surface.tsx';
import type { Library } from '../record/model.ts';
import { useWords } from '../strings/words.ts';
import type { Names } from './naming.ts';
import styles from './reader.module.css';

/** Parties by slot, and who took part for each. */
export function People({ library, names }: { library: Library; names: Names }) {
  const { t } = useWords();
  return (
    <Card className={styles.list}>
      <h2 className={styles.listTitle}>{t('people.title')}</h2>
      <ul>
        {names.parties.map((party) => {
          const people = library.people.filter(({ slot }) => slot === party.slot);
          const known = people.filter(({ name }) => name !== undefined);
          return (
            <li key={party.slot} className={styles.party}>
              <PartyBadge party={party} isLarge />
              <div className={styles.grow}>
                <b>
                  <PartyName party={party} />
                </b>
                <span className={styles.muted}>{t('people.count', { count: people.length })}</span>
                <ul className={styles.people}>
                  {known.map(({ id, isGone, isLead, name }) => (
                    <li key={id}>
                      <Name>{name ?? ''}</Name>
                      {isLead ? <span className={styles.muted}> {t('people.lead')}</span> : null}
                      {isGone ? <span className={styles.muted}> {t('people.gone')}</span> : null}
                    </li>
                  ))}
                </ul>
              </div>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
