import type { VoteView } from '#client/closing-model.ts';
import type { PartyView, PersonView } from '#client/model.ts';
import { PersonCalls } from '../calls/person-calls.tsx';
import { useStrings } from '../language/i18n.ts';
import { usePersonWords } from '../messaging/person-words.ts';
import { useMission } from '../session/client-context.tsx';
import { Avatar, Name } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import { ProposeButton } from '../votes/propose-button.tsx';
import styles from './people.module.css';

/** People of a party: leads first, then by name. */
export function peopleOf(
  party: PartyView,
  people: readonly PersonView[],
  tag: string,
): readonly PersonView[] {
  const order = new Intl.Collator(tag);
  return people
    .filter(({ slot }) => slot === party.slot)
    .toSorted(
      (a, b) =>
        Number(b.isLead) - Number(a.isLead) ||
        order.compare(a.name ?? '\uFFFF', b.name ?? '\uFFFF'),
    );
}

/**
 * Rows of people with their role; with `canCall` each of the others can be rung, and a vote
 * about who is of another party proposed.
 */
export function PersonRows({
  people,
  canCall = false,
}: {
  people: readonly PersonView[];
  canCall?: boolean;
}) {
  const { t } = useStrings();
  const { charter, conversations, me, votes } = useMission();
  const { parties } = charter;
  // A call belongs to a conversation; all of a mission hold everybody.
  const cid = conversations[0]?.cid;
  const words = usePersonWords(parties);
  return (
    <ul className={styles.members}>
      {people.map((person) => {
        const name = words(person);
        return (
          <li key={person.id}>
            <Avatar name={name} party={partyAt(parties, person.slot)} />
            <span className={styles.words}>
              <Name>{person.isMe ? t('people.you', { name }) : name}</Name>
              <small>
                {person.isLead ? t('people.lead') : t('people.member')}
                {isVotedOn(votes, person) ? ` • ${t('vote.openShort')}` : null}
              </small>
            </span>
            {canCall && !person.isMe ? (
              <span className={styles.acts}>
                {cid === undefined ? null : <PersonCalls person={person} cid={cid} />}
                {person.slot === me.slot ? null : (
                  <ProposeButton
                    about={{ kind: 'remove-member', person: person.id }}
                    person={name}
                  />
                )}
              </span>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}

function isVotedOn(votes: readonly VoteView[], { id }: PersonView): boolean {
  return votes.some(
    ({ about, state }) => state === 'open' && about.kind === 'remove-member' && about.person === id,
  );
}
