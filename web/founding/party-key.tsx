import type { FoundingView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { KeyRound } from '../ui/icons.ts';
import { Note, Wait } from '../ui/surface.tsx';
import type { PartyChoice } from './choose-party.tsx';
import { FoundingPage } from './founding-page.tsx';

/** Says what the party key is and makes it. */
export function PartyKey({
  founding,
  choice,
  onBack,
}: {
  founding: FoundingView;
  choice: PartyChoice;
  onBack: () => void;
}) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const party = founding.charter.parties.find(({ slot }) => slot === choice.slot)?.name ?? '';
  const isMaking = isBusy || founding.step === 'key';
  const make = () => void run(() => client.takeParty(choice.slot, choice.displayName));
  return (
    <FoundingPage
      step="key"
      heading={<Phrase of="key.title" values={{ party }} />}
      {...(isMaking ? {} : { back: onBack })}
      actions={
        <Button look="primary" icon={KeyRound} isBusy={isMaking} onPress={make}>
          {t('key.go')}
        </Button>
      }
    >
      <p>
        <Phrase of="key.text" values={{ party }} />
      </p>
      <Note tone="attention">
        <Phrase of="key.limit" values={{ party }} />
      </Note>
      {isMaking ? <Wait>{t('key.making')}</Wait> : null}
      <ProblemNote problem={problem} />
    </FoundingPage>
  );
}
