import { useState } from 'react';
import type { PartyView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { NameList, Phrase } from '../language/phrase.tsx';
import { usePersonWords } from '../messaging/person-words.ts';
import { useMission } from '../session/client-context.tsx';
import { Button } from '../ui/button.tsx';
import { useCopy } from '../ui/copy.ts';
import { Copy } from '../ui/icons.ts';
import { cleanName } from '../ui/party/clean-name.ts';
import { Sheet } from '../ui/sheet.tsx';

/** Whom to ask, and words to send another way: nothing can be sent here to who is not linked. */
export function AskParty({ party }: { party: PartyView }) {
  const { t } = useStrings();
  const { charter, people } = useMission();
  const personWords = usePersonWords(charter.parties);
  const [isOpen, setOpen] = useState(false);
  const words = t('closing.ask.words', { mission: cleanName(charter.name) });
  const { isCopied, copy } = useCopy(words);
  const leads = people.filter(({ slot, isLead }) => slot === party.slot && isLead);
  return (
    <>
      <Button onPress={() => setOpen(true)}>
        {t('closing.ask.go', { party: cleanName(party.name) })}
      </Button>
      <Sheet
        title={<Phrase of="closing.ask.go" values={{ party: party.name }} />}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        actions={
          <Button icon={Copy} look="primary" onPress={copy}>
            {isCopied ? t('act.copied') : t('closing.ask.copy')}
          </Button>
        }
      >
        <p>
          <Phrase
            of="closing.ask.text"
            values={{ names: <NameList names={leads.map(personWords)} /> }}
          />
        </p>
        <blockquote>
          <bdi>{words}</bdi>
        </blockquote>
      </Sheet>
    </>
  );
}
