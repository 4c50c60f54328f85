import type { ReactNode } from 'react';
import type { CharterView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { NameList, Phrase } from '../language/phrase.tsx';
import { listOf } from '../language/time.ts';
import { Button } from '../ui/button.tsx';
import { useCopy } from '../ui/copy.ts';
import { Copy } from '../ui/icons.ts';
import { cleanName } from '../ui/party/clean-name.ts';
import { Sheet } from '../ui/sheet.tsx';
import { Pill } from '../ui/surface.tsx';
import { type Rules, unusualRules } from './charter-lines.ts';
import styles from './mission.module.css';

/** The sentences of a charter; what differs from the template is marked. */
export function CharterSentences({ charter }: { charter: CharterView }) {
  const { t } = useStrings();
  const unusual = unusualRules(charter);
  const lines = useCharterLines(charter);
  return (
    <ol className={styles.charter}>
      {lines.map(({ key, rule, content }) => (
        <li key={key}>
          <span>{content}</span>
          {rule && unusual.has(rule) ? <Pill tone="attention">{t('charter.unusual')}</Pill> : null}
        </li>
      ))}
    </ol>
  );
}

interface Line {
  key: string;
  rule?: keyof Rules;
  content: ReactNode;
  plain: string;
}

function useCharterLines(charter: CharterView): readonly Line[] {
  const { t, tag } = useStrings();
  const names = charter.parties.map(({ name, code }) => `${cleanName(name)} (${cleanName(code)})`);
  const count = charter.parties.length;
  const hours = charter.wipeAfterHours;
  const rule = (key: keyof Rules, plain: string): Line => ({
    key,
    rule: key,
    content: plain,
    plain,
  });
  return [
    {
      key: 'name',
      content: <Phrase of="charter.name" values={{ name: charter.name }} />,
      plain: t('charter.name', { name: cleanName(charter.name) }),
    },
    {
      key: 'purpose',
      content: <Phrase of="charter.purpose" values={{ purpose: charter.purpose }} />,
      plain: t('charter.purpose', { purpose: cleanName(charter.purpose) }),
    },
    {
      key: 'parties',
      content: (
        <Phrase of="charter.parties" values={{ list: <NameList names={names} /> }} count={count} />
      ),
      plain: t('charter.parties', { list: listOf(names, tag), count }),
    },
    { key: 'vote', content: t('charter.vote'), plain: t('charter.vote') },
    rule('history', t(`charter.history.${charter.history}`)),
    rule('addParty', t(`charter.addParty.${charter.addParty}`)),
    rule('close', t(`charter.close.${charter.close}`)),
    rule('wipeAfterHours', t('charter.wipe', { count: hours })),
  ];
}

/** The whole charter over the screen, to read and to copy. */
export function CharterSheet({
  charter,
  isOpen,
  onClose,
}: {
  charter: CharterView;
  isOpen: boolean;
  onClose: () => void;
}) {
  const { t } = useStrings();
  const plain = useCharterLines(charter).map((line, at) => `${at + 1}. ${line.plain}`);
  const { isCopied, copy } = useCopy(plain.join('\n'));
  return (
    <Sheet title={t('charter.title')} isOpen={isOpen} onClose={onClose}>
      <CharterSentences charter={charter} />
      <Button icon={Copy} onPress={copy}>
        {isCopied ? t('act.copied') : t('charter.copy')}
      </Button>
    </Sheet>
  );
}
