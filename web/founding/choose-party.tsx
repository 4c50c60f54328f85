import { useState } from 'react';
import type { FoundingView } from '#client/model.ts';
import { longestName } from '../arriving/join.tsx';
import { useStrings } from '../language/i18n.ts';
import { CharterSentences, CharterSheet } from '../mission/charter.tsx';
import { Button } from '../ui/button.tsx';
import { Choices, Field } from '../ui/field.tsx';
import { cleanName } from '../ui/party/clean-name.ts';
import { Name, PartyBadge } from '../ui/party/party-badge.tsx';
import { Card, Note } from '../ui/surface.tsx';
import styles from './founding.module.css';
import { FoundingPage } from './founding-page.tsx';

/** What a lead has chosen before the keys are made. */
export interface PartyChoice {
  readonly slot: number;
  readonly displayName: string;
}

/** Charter, the parties that are still free, and the lead's name. */
export function ChooseParty({
  founding,
  onChoose,
}: {
  founding: FoundingView;
  onChoose: (choice: PartyChoice) => void;
}) {
  const { t } = useStrings();
  const { charter, taken } = founding;
  const [slot, setSlot] = useState<number>();
  const [name, setName] = useState('');
  const [isTried, setTried] = useState(false);
  const [isReading, setReading] = useState(false);
  // A party may be taken by somebody else while this screen is open.
  const isFree = slot !== undefined && !taken.includes(slot);
  const choose = () => {
    setTried(true);
    const displayName = name.trim();
    if (isFree && displayName !== '') onChoose({ slot, displayName });
  };
  return (
    <FoundingPage
      step="party"
      heading={t('party.title')}
      actions={
        <Button look="primary" onPress={choose}>
          {t('party.go')}
        </Button>
      }
    >
      <p>{t('party.text')}</p>
      <Card>
        <CharterSentences charter={charter} />
        <Button look="quiet" onPress={() => setReading(true)}>
          {t('charter.readFull')}
        </Button>
      </Card>
      <Choices
        label={t('party.choose')}
        value={isFree ? String(slot) : null}
        onChange={(value) => setSlot(Number(value))}
        options={charter.parties.map((party) => ({
          value: String(party.slot),
          name: cleanName(party.name),
          isDisabled: taken.includes(party.slot),
          content: (
            <span className={styles.choice}>
              <PartyBadge party={party} isLarge />
              <span>
                <Name>{party.name}</Name>
                {taken.includes(party.slot) ? <small>{t('party.taken')}</small> : null}
              </span>
            </span>
          ),
        }))}
      />
      {isTried && !isFree ? <Note tone="bad">{t('party.chooseFirst')}</Note> : null}
      <Field
        label={t('act.yourName')}
        hint={t('join.nameHint')}
        error={isTried && name.trim() === '' ? t('party.nameFirst') : undefined}
        value={name}
        onChange={setName}
        maxLength={longestName}
        autoComplete="name"
      />
      <CharterSheet charter={charter} isOpen={isReading} onClose={() => setReading(false)} />
    </FoundingPage>
  );
}
