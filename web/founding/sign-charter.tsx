import { useState } from 'react';
import type { FoundingView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { CharterSentences } from '../mission/charter.tsx';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Field } from '../ui/field.tsx';
import { Card, Note } from '../ui/surface.tsx';
import { FoundingPage } from './founding-page.tsx';
import { HoldButton } from './hold-button.tsx';
import { PartyProgress } from './party-progress.tsx';

/** The last look, and the signature. */
export function SignCharter({ founding }: { founding: FoundingView }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [typed, setTyped] = useState('');
  const party = founding.charter.parties.find(({ slot }) => slot === founding.mySlot)?.name ?? '';
  const word = t('sign.word');
  return (
    <FoundingPage
      step="sign"
      heading={<Phrase of="sign.title" values={{ party }} />}
      aside={{
        title: t('sign.who'),
        content: <PartyProgress founding={founding} of="sign" done={founding.signed} />,
      }}
      actions={
        <HoldButton
          isReady={typed.trim().toLocaleUpperCase() === word.toLocaleUpperCase()}
          isDisabled={isBusy}
          onDone={() => void run(() => client.signCharter())}
        >
          {t('sign.go')}
        </HoldButton>
      }
    >
      <p>
        <Phrase of="sign.text" values={{ party }} />
      </p>
      <Card>
        <CharterSentences charter={founding.charter} />
      </Card>
      <Note tone="attention">{t('sign.irreversible')}</Note>
      <Field
        label={t('sign.type', { word })}
        hint={t('sign.hold', { word })}
        value={typed}
        onChange={setTyped}
      />
      <ProblemNote problem={problem} />
    </FoundingPage>
  );
}
