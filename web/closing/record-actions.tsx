import { useState } from 'react';
import type { ClosingView } from '#client/closing-model.ts';
import { useStrings } from '../language/i18n.ts';
import { NameList, Phrase } from '../language/phrase.tsx';
import { usePersonWords } from '../messaging/person-words.ts';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Signature } from '../ui/icons.ts';
import { partyAt } from '../ui/party/slot.ts';
import { Sheet } from '../ui/sheet.tsx';
import { Note } from '../ui/surface.tsx';
import { DisputeSheet } from './dispute-sheet.tsx';

/** "Something is wrong" and "Sign receipt"; who cannot sign is told who can. */
export function RecordActions({ closing }: { closing: ClosingView }) {
  const { t } = useStrings();
  const { charter, me, people } = useMission();
  const personWords = usePersonWords(charter.parties);
  const [asked, setAsked] = useState<'sign' | 'wrong'>();
  const party = partyAt(charter.parties, me.slot)?.name ?? '';
  const close = () => setAsked(undefined);
  if (!me.isLead) {
    const leads = people.filter(({ slot, isLead }) => slot === me.slot && isLead).map(personWords);
    return (
      <Note>
        <Phrase of="closing.leadsSign" values={{ party, names: <NameList names={leads} /> }} />
      </Note>
    );
  }
  return (
    <>
      <Button onPress={() => setAsked('wrong')}>{t('closing.wrong.go')}</Button>
      <Button
        look="primary"
        icon={Signature}
        isDisabled={!closing.canSign || closing.receipt !== 'none'}
        onPress={() => setAsked('sign')}
      >
        {t('closing.sign.go')}
      </Button>
      <SignSheet party={party} isOpen={asked === 'sign'} onClose={close} />
      <DisputeSheet isOpen={asked === 'wrong'} onClose={close} />
    </>
  );
}

/** The last question before a party agrees to the wipe. */
function SignSheet({
  party,
  isOpen,
  onClose,
}: {
  party: string;
  isOpen: boolean;
  onClose: () => void;
}) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const sign = async () => {
    if (await run(() => client.signReceipt())) onClose();
  };
  return (
    <Sheet
      title={<Phrase of="closing.sign.title" values={{ party }} />}
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('act.cancel')}</Button>
          <Button look="primary" icon={Signature} isBusy={isBusy} onPress={() => void sign()}>
            {t('closing.sign.go')}
          </Button>
        </>
      }
    >
      <p>{t('closing.sign.text')}</p>
      <Note tone="attention">{t('closing.sign.irreversible')}</Note>
      <ProblemNote problem={problem} />
    </Sheet>
  );
}
