import { useState } from 'react';
import type { InvitationView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { useMission } from '../session/client-context.tsx';
import { useGo } from '../session/route.tsx';
import { Button } from '../ui/button.tsx';
import { Plus } from '../ui/icons.ts';
import { Pane } from '../ui/pane.tsx';
import { cleanName } from '../ui/party/clean-name.ts';
import { partyAt } from '../ui/party/slot.ts';
import { Card, Note } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import { Invitation } from './invitation.tsx';
import { MakeInvitation } from './make-invitation.tsx';
import styles from './people.module.css';

/** Invitations to one's own party: a new one, or the one with this id. */
export function Invite({ id }: { id?: string | undefined }) {
  const { t } = useStrings();
  const { charter, invitations, me } = useMission();
  const go = useGo();
  const [isMaking, setMaking] = useState(false);
  const party = partyAt(charter.parties, me.slot)?.name ?? '';
  const open = invitations.find((invitation) => invitation.id === id);
  const others = invitations.filter((invitation) => invitation !== open);
  const title = t('invite.title', { party: cleanName(party) });
  return (
    <Pane
      title={title}
      heading={<Phrase of="invite.title" values={{ party }} />}
      sub={<Phrase of="invite.sub" values={{ party, mission: charter.name }} />}
      back={open && !isMaking ? '/invite' : '/people'}
    >
      {!me.isLead ? (
        <Note tone="attention">
          <Phrase of="people.onlyLeads" values={{ party }} />
        </Note>
      ) : open && !isMaking ? (
        <>
          <Invitation invitation={open} />
          <Button icon={Plus} onPress={() => setMaking(true)}>
            {t('invite.another')}
          </Button>
        </>
      ) : (
        <MakeInvitation
          party={party}
          onMade={(made) => {
            setMaking(false);
            go(`/invite/${made.id}`);
          }}
        />
      )}
      {me.isLead && others.length > 0 ? (
        <Card className={styles.stack}>
          <h2>{t('invite.list')}</h2>
          <ul className={styles.list}>
            {others.map((invitation) => (
              <li key={invitation.id}>
                <Summary invitation={invitation} />
                <Button
                  look="quiet"
                  onPress={() => {
                    setMaking(false);
                    go(`/invite/${invitation.id}`);
                  }}
                >
                  {t('invite.show')}
                </Button>
              </li>
            ))}
          </ul>
        </Card>
      ) : null}
    </Pane>
  );
}

function Summary({ invitation: { kind, stopped, used, uses } }: { invitation: InvitationView }) {
  const { t } = useStrings();
  return (
    <span>
      {kind === 'person' ? t('invite.kindPerson') : t('invite.kindOpen')}
      <br />
      <span className={`${text.small} ${text.muted}`}>
        {stopped ? t('invite.stoppedShort') : t('invite.used', { n: used, m: uses })}
      </span>
    </span>
  );
}
