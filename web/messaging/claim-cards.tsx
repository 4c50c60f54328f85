import { useState } from 'react';
import type { ClaimView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Check, UserCheck, X } from '../ui/icons.ts';
import { NeedCard } from '../ui/need-card.tsx';
import { cleanName } from '../ui/party/clean-name.ts';
import { Sheet } from '../ui/sheet.tsx';
import text from '../ui/text.module.css';
import styles from './chats.module.css';

/** People who wait at the door of our party: one saffron card for each. */
export function ClaimCards() {
  const { claims } = useMission();
  return claims.map((claim) => <ClaimCard key={claim.id} claim={claim} />);
}

function ClaimCard({ claim }: { claim: ClaimView }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [isOpen, setOpen] = useState(false);
  const name = cleanName(claim.name);
  const answer = async (admit: boolean) => {
    if (await run(() => client.answerClaim(claim.id, admit))) setOpen(false);
  };
  return (
    <>
      <NeedCard
        icon={UserCheck}
        title={<Phrase of="claim.need" values={{ name: claim.name }} />}
        onPress={() => setOpen(true)}
      >
        {t('claim.needText')}
      </NeedCard>
      <Sheet
        title={<Phrase of="claim.title" values={{ name: claim.name }} />}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        actions={
          <>
            <Button look="primary" icon={X} isDisabled={isBusy} onPress={() => void answer(false)}>
              {t('act.differs')}
            </Button>
            <Button
              look="primary"
              icon={Check}
              isDisabled={isBusy}
              onPress={() => void answer(true)}
            >
              {t('act.matches')}
            </Button>
          </>
        }
      >
        <p>
          <Phrase of="claim.text" values={{ name: claim.name }} />
        </p>
        <output className={styles.digits} aria-label={t('claim.digits', { name })}>
          {claim.digits}
        </output>
        <ul className={`${text.small} ${text.muted}`}>
          <li>
            {t('act.matches')}: <Phrase of="claim.matches" values={{ name: claim.name }} />
          </li>
          <li>
            {t('act.differs')}: {t('claim.differs')}
          </li>
        </ul>
        <ProblemNote problem={problem} />
      </Sheet>
    </>
  );
}
