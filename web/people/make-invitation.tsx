import { useState } from 'react';
import type { InvitationView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Choices, InlineSelect } from '../ui/field.tsx';
import field from '../ui/field.module.css';
import { QrCode } from '../ui/icons.ts';
import { cleanName } from '../ui/party/clean-name.ts';
import { Card, Note } from '../ui/surface.tsx';
import styles from './people.module.css';

/** Uses to choose from; a ticket carries at most 256. */
const usesOffered = [2, 5, 10, 20, 50, 100];

/** "Who is this for?", and the making of the code. */
export function MakeInvitation({
  party,
  onMade,
}: {
  party: string;
  onMade: (invitation: InvitationView) => void;
}) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [kind, setKind] = useState<'person' | 'open'>('person');
  const [uses, setUses] = useState(5);
  const make = () =>
    void run(async () => onMade(await client.invite(kind, kind === 'person' ? 1 : uses)));
  const open = t('invite.open', { party: cleanName(party) });
  return (
    <Card className={styles.stack}>
      <Choices
        label={t('invite.who')}
        value={kind}
        onChange={(value) => setKind(value === 'open' ? 'open' : 'person')}
        options={[
          { value: 'person', content: t('invite.person'), name: t('invite.person') },
          { value: 'open', content: open, name: open },
        ]}
      />
      {kind === 'open' ? (
        <p className={field.sentence}>
          {t('invite.uses')}{' '}
          <InlineSelect
            name={t('invite.uses')}
            value={String(uses)}
            options={usesOffered.map((count) => ({ value: String(count), text: String(count) }))}
            onChange={(value) => setUses(Number(value))}
          />
        </p>
      ) : null}
      <Note>{kind === 'open' ? t('invite.photoOpen') : t('invite.photoPerson')}</Note>
      <ProblemNote problem={problem} />
      <Button look="primary" icon={QrCode} isBusy={isBusy} onPress={make}>
        {t('invite.make')}
      </Button>
    </Card>
  );
}
