import { useState } from 'react';
import type { JoiningView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { cleanName } from '../ui/party/clean-name.ts';
import { Wait } from '../ui/surface.tsx';
import { ArrivalPage } from './arrival-page.tsx';
import styles from './arriving.module.css';

/** Longest name a person may take, in characters; the engine has the last word. */
export const longestName = 64;

/** An invitation, from its name field to the door. */
export function Join({ joining }: { joining: JoiningView }) {
  const { t } = useStrings();
  const names = { party: joining.party, mission: joining.mission };
  switch (joining.step) {
    case 'name':
      return (
        <ArrivalPage title={t('join.title')} heading={<Phrase of="join.invites" values={names} />}>
          <JoinForm joining={joining} />
        </ArrivalPage>
      );
    case 'waiting-for-lead':
      return (
        <ArrivalPage
          title={t('join.title')}
          heading={<Phrase of="join.waitTitle" values={{ party: joining.party }} />}
        >
          <p className={styles.lead}>{t('join.waitText')}</p>
          <Wait>{t('join.waitTitle', { party: cleanName(joining.party) })}</Wait>
          <Leave />
        </ArrivalPage>
      );
    case 'compare-digits':
      return (
        <ArrivalPage title={t('join.title')} heading={t('join.compareTitle')}>
          <p className={styles.lead}>{t('join.compareText')}</p>
          <output className={styles.digits} aria-label={t('join.digits')}>
            {joining.digits}
          </output>
          <Wait>{t('join.waitTitle', { party: cleanName(joining.party) })}</Wait>
          <Leave />
        </ArrivalPage>
      );
    case 'joining':
      return (
        <ArrivalPage title={t('join.title')} heading={t('join.enteringTitle')}>
          <Wait>{t('join.enteringText')}</Wait>
        </ArrivalPage>
      );
    case 'refused':
      return (
        <ArrivalPage title={t('join.title')} heading={t('join.refusedTitle')}>
          <ProblemNote problem={joining.problem} />
          <Leave isPrimary />
        </ArrivalPage>
      );
  }
}

function JoinForm({ joining }: { joining: JoiningView }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [name, setName] = useState('');
  const [isMissing, setMissing] = useState(false);
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = name.trim();
        setMissing(wanted === '');
        if (wanted !== '') void run(() => client.join(wanted));
      }}
    >
      <Field
        label={t('act.yourName')}
        hint={t('join.nameHint')}
        error={isMissing && name.trim() === '' ? t('party.nameFirst') : undefined}
        value={name}
        onChange={setName}
        maxLength={longestName}
        autoComplete="name"
      />
      <p className={styles.lead}>{t('join.see')}</p>
      <ProblemNote problem={problem ?? joining.problem} />
      <div className={styles.buttons}>
        <Button look="primary" type="submit" isBusy={isBusy} isWide>
          {t('join.go')}
        </Button>
        <Leave />
      </div>
    </form>
  );
}

function Leave({ isPrimary = false }: { isPrimary?: boolean }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy } = useCommand();
  return (
    <Button
      look={isPrimary ? 'primary' : 'quiet'}
      isBusy={isBusy}
      onPress={() => void run(() => client.leaveJoining())}
    >
      {t('join.leave')}
    </Button>
  );
}
