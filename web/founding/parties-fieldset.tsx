import type { MissionDraft } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Minus, Plus } from '../ui/icons.ts';
import { PartyBadge } from '../ui/party/party-badge.tsx';
import text from '../ui/text.module.css';
import { partyCount, suggestCode } from './draft.ts';
import styles from './founding.module.css';

type Parties = MissionDraft['parties'];

/** Names and badge codes of the parties, in the order of their slots. */
export function PartiesFieldset({
  parties,
  onChange,
  errorAt,
  warningAt,
}: {
  parties: Parties;
  onChange: (parties: Parties) => void;
  errorAt: (where: 'partyName' | 'partyCode', row: number) => string | undefined;
  warningAt: (row: number) => string | undefined;
}) {
  const { t } = useStrings();
  const change = (row: number, part: Partial<Parties[number]>) =>
    onChange(parties.map((party, at) => (at === row ? { ...party, ...part } : party)));
  const rename = (row: number, name: string) => {
    const others = parties.filter((_, at) => at !== row).map(({ code }) => code);
    const party = parties[row];
    // A code that we suggested follows the name; one that was typed stays.
    const isOurs = party?.code === '' || party?.code === suggestCode(party?.name ?? '', others);
    change(row, isOurs ? { name, code: suggestCode(name, others) } : { name });
  };
  return (
    <fieldset className={styles.fieldset}>
      <legend className={styles.legend}>{t('propose.parties')}</legend>
      <p className={`${text.muted} ${text.small}`}>{t('propose.codeHint')}</p>
      <ul className={styles.rows}>
        {parties.map((party, row) => (
          <li key={row}>
            <div className={styles.party}>
              <PartyBadge party={{ ...party, slot: row, code: party.code || '?' }} isLarge />
              <Field
                label={t('propose.nameLabel')}
                name={t('propose.partyName', { n: row + 1 })}
                value={party.name}
                onChange={(name) => rename(row, name)}
                error={errorAt('partyName', row)}
              />
              <Field
                label={t('propose.codeLabel')}
                name={t('propose.partyCode', { n: row + 1 })}
                value={party.code}
                onChange={(code) => change(row, { code })}
                error={errorAt('partyCode', row)}
                maxLength={4}
              />
              {parties.length > partyCount.least ? (
                <IconButton
                  name={t('propose.remove', { n: row + 1 })}
                  icon={Minus}
                  onPress={() => onChange(parties.filter((_, at) => at !== row))}
                />
              ) : null}
            </div>
            {warningAt(row) ? (
              <p className={styles.warning} role="status">
                {warningAt(row)}
              </p>
            ) : null}
          </li>
        ))}
      </ul>
      {parties.length < partyCount.most ? (
        <Button icon={Plus} onPress={() => onChange([...parties, { name: '', code: '' }])}>
          {t('propose.add')}
        </Button>
      ) : null}
    </fieldset>
  );
}
