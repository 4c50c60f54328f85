import { useEffect, useState } from 'react';
import type { FoundingView, Problem } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { NameList, Phrase } from '../language/phrase.tsx';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { useGo } from '../session/route.tsx';
import { Button } from '../ui/button.tsx';
import { Note, Wait } from '../ui/surface.tsx';
import { ChooseParty, type PartyChoice } from './choose-party.tsx';
import { CompareCode } from './compare-code.tsx';
import { FoundingPage } from './founding-page.tsx';
import { PartyKey } from './party-key.tsx';
import { PartyProgress } from './party-progress.tsx';
import { SignCharter } from './sign-charter.tsx';

const routes: Record<FoundingView['step'], string> = {
  party: '/found/party',
  key: '/found/party',
  gathering: '/found/party',
  code: '/found/code',
  sign: '/found/sign',
  waiting: '/found/sign',
  founded: '/found/sign',
};

/** The ceremony, at the step where the engine says this device is. */
export function Founding({ founding }: { founding: FoundingView }) {
  const [choice, setChoice] = useState<PartyChoice>();
  const go = useGo();
  const route = routes[founding.step];
  // The address follows the step, so that "back" never shows a step that is over.
  useEffect(() => go(route, { replace: true }), [go, route]);

  if (founding.ended) return <Ended problem={founding.ended} />;
  switch (founding.step) {
    case 'party':
      return choice ? (
        <PartyKey founding={founding} choice={choice} onBack={() => setChoice(undefined)} />
      ) : (
        <ChooseParty founding={founding} onChoose={setChoice} />
      );
    case 'key': {
      const kept = { slot: founding.mySlot ?? 0, displayName: '' };
      return (
        <PartyKey founding={founding} choice={choice ?? kept} onBack={() => setChoice(undefined)} />
      );
    }
    case 'code':
      return founding.code ? (
        <CompareCode founding={founding} code={founding.code} />
      ) : (
        <Gathering founding={founding} />
      );
    case 'gathering':
      return <Gathering founding={founding} />;
    case 'sign':
      return <SignCharter founding={founding} />;
    case 'waiting':
    case 'founded':
      return <Waiting founding={founding} />;
  }
}

function Gathering({ founding }: { founding: FoundingView }) {
  const { t } = useStrings();
  return (
    <FoundingPage step="key" heading={t('gather.title')}>
      <Wait>{t('gather.text')}</Wait>
      <PartyProgress founding={founding} of="gather" done={founding.taken} />
    </FoundingPage>
  );
}

function Waiting({ founding }: { founding: FoundingView }) {
  const { t } = useStrings();
  const { charter, compared, mySlot, signed } = founding;
  // Before our own signature we can only be waiting for others to compare.
  const hasSigned = mySlot !== undefined && signed.includes(mySlot);
  const done = hasSigned ? signed : compared;
  const missing = charter.parties.filter(({ slot }) => !done.includes(slot));
  const parties = <NameList names={missing.map(({ name }) => name)} />;
  const isOver = missing.length === 0;
  return (
    <FoundingPage
      step={hasSigned ? 'sign' : 'code'}
      heading={isOver ? t('founded.opening') : <Phrase of="wait.title" values={{ parties }} />}
    >
      <Wait>
        {isOver ? t('founded.opening') : hasSigned ? t('wait.text') : t('wait.comparing')}
      </Wait>
      <PartyProgress founding={founding} of={hasSigned ? 'sign' : 'compare'} done={done} />
    </FoundingPage>
  );
}

function Ended({ problem }: { problem: Problem }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy } = useCommand();
  return (
    <FoundingPage
      heading={t('ended.title')}
      actions={
        <Button
          look="primary"
          isBusy={isBusy}
          onPress={() => void run(() => client.leaveFounding())}
        >
          {t('ended.again')}
        </Button>
      }
    >
      <ProblemNote problem={problem} />
      <Note>{t('ended.nothing')}</Note>
    </FoundingPage>
  );
}
