import { useEffect } from 'react';
import type { CallView } from '#client/call-model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { usePersonWords } from '../messaging/person-words.ts';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { AriaDialog, Modal, ModalOverlay } from '../ui/aria.ts';
import { Button } from '../ui/button.tsx';
import { Phone, PhoneOff, Video } from '../ui/icons.ts';
import { Avatar, Name, PartyName } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import text from '../ui/text.module.css';
import { useWide } from '../ui/use-wide.ts';
import styles from './call.module.css';
import { ring } from './tone.ts';

/** A call that rings here: the whole screen of a phone, a card above everything on a desk. */
export function Incoming({ call }: { call: CallView }) {
  const { t } = useStrings();
  const isWide = useWide();
  useEffect(ring, [call.id]);
  if (!isWide) {
    return (
      <ModalOverlay
        className={styles.incomingFull ?? ''}
        isOpen
        isKeyboardDismissDisabled
        data-stage
      >
        <Modal>
          <AriaDialog
            role="alertdialog"
            aria-label={t('call.incoming')}
            className={styles.incoming ?? ''}
          >
            <Words call={call} />
          </AriaDialog>
        </Modal>
      </ModalOverlay>
    );
  }
  // It takes no focus: whoever is typing must not accept a call by pressing Enter.
  return (
    <section
      className={`${styles.incoming} ${styles.incomingCard}`}
      role="alertdialog"
      aria-label={t('call.incoming')}
      data-stage
    >
      <Words call={call} />
    </section>
  );
}

function Words({ call }: { call: CallView }) {
  const { t } = useStrings();
  const client = useClient();
  const { run } = useCommand();
  const { parties } = useMission().charter;
  const personWords = usePersonWords(parties);
  const caller = call.participants.find(({ isMe }) => !isMe);
  const party = caller ? partyAt(parties, caller.slot) : undefined;
  const name = caller ? personWords(caller) : call.title;
  return (
    <>
      <p className={text.unseen} role="alert">
        <Phrase
          of={call.wantsVideo ? 'call.videoFrom' : 'call.from'}
          values={{ name, party: party?.name ?? '' }}
        />
      </p>
      <span className={styles.large}>
        <Avatar name={name} party={party} />
      </span>
      <span className={styles.caller}>
        <b>
          <Name>{name}</Name>
        </b>
        {party ? <PartyName party={party} /> : null}
        <span>{call.wantsVideo ? t('call.kindVideo') : t('call.kindAudio')}</span>
      </span>
      <div className={styles.choices}>
        <Button icon={PhoneOff} look="danger" onPress={() => void run(() => client.declineCall())}>
          {t('call.decline')}
        </Button>
        <Button icon={Phone} look="primary" onPress={() => void run(() => client.joinCall(false))}>
          {t('call.accept')}
        </Button>
        <Button icon={Video} look="primary" onPress={() => void run(() => client.joinCall(true))}>
          {t('call.acceptVideo')}
        </Button>
      </div>
    </>
  );
}
