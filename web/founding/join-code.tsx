import { useState } from 'react';
import type { PartyView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { Button } from '../ui/button.tsx';
import { useCopy } from '../ui/copy.ts';
import { Copy, QrCode } from '../ui/icons.ts';
import { cleanName } from '../ui/party/clean-name.ts';
import { Qr } from '../ui/qr.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { Note } from '../ui/surface.tsx';
import text from '../ui/text.module.css';

/** "Show join code for {party}": the founding's code for a lead who is not here yet. */
export function JoinCodeButton({ party, link }: { party: PartyView; link: string }) {
  const { t } = useStrings();
  const [isOpen, setOpen] = useState(false);
  const { isCopied, copy } = useCopy(link);
  const names = { party: cleanName(party.name) };
  return (
    <>
      <Button icon={QrCode} onPress={() => setOpen(true)}>
        {t('found.codeFor', names)}
      </Button>
      <Sheet
        title={<Phrase of="found.codeTitle" values={{ party: party.name }} />}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        actions={
          <Button icon={Copy} onPress={copy}>
            {isCopied ? t('act.copied') : t('act.copyLink')}
          </Button>
        }
      >
        <Qr text={link} name={t('found.codeTitle', names)} />
        <p>
          <Phrase of="found.codeText" values={{ party: party.name }} />
        </p>
        <p className={text.address}>{link}</p>
        <Note tone="attention">{t('found.codeLimit')}</Note>
      </Sheet>
    </>
  );
}
