import type { ClosingView, MissingPartyView } from '#client/closing-model.ts';
import { useStrings } from '../language/i18n.ts';
import { NameList, Phrase } from '../language/phrase.tsx';
import { listOf, waitWords } from '../language/time.ts';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { cleanName } from '../ui/party/clean-name.ts';
import { Name, PartyBadge } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import { TableRing } from '../ui/party/table-ring.tsx';
import { Card, Note } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import { useWide } from '../ui/use-wide.ts';
import styles from './closing.module.css';
import { mayGoOnWithout } from './needs.ts';

/** Who has signed a receipt, and that nothing is erased before; on a phone that stays in sight. */
export function Receipts({ closing }: { closing: ClosingView }) {
  const { t, tag } = useStrings();
  const { charter } = useMission();
  const isWide = useWide();
  const { excused, missing, receipts, units } = closing;
  const parties = charter.parties.filter(
    ({ slot }) => units.includes(slot) && !excused.includes(slot),
  );
  const open = parties.filter(({ slot }) => !receipts.includes(slot));
  const n = parties.length - open.length;
  const m = parties.length;
  const names = listOf(
    open.map(({ name }) => cleanName(name)),
    tag,
  );
  const without = excused
    .filter((slot) => !missing.some((party) => party.slot === slot))
    .map((slot) => partyAt(charter.parties, slot)?.name ?? '');
  return (
    <>
      {isWide ? null : <p className={styles.nothing}>{t('closing.receipts.nothing')}</p>}
      <Card className={styles.stack}>
        <div className={styles.receipts}>
          <TableRing
            parties={parties}
            isDone={(slot) => receipts.includes(slot)}
            label={
              open.length > 0
                ? t('closing.receipts.label', { n, m, missing: names })
                : t('closing.receipts.labelAll', { m })
            }
            big={t('gather.ring', { n, m })}
            small={t('closing.receipts.word', { count: m })}
            size={128}
          />
          <div className={styles.words}>
            {isWide ? <b>{t('closing.receipts.nothing')}</b> : null}
            <p className={`${text.small} ${text.muted}`}>
              <WhenWiped closing={closing} count={m} hasAll={open.length === 0} />
            </p>
          </div>
        </div>
        {missing.length > 0 ? (
          <ul className={styles.list}>
            {missing.map((party) => (
              <MissingParty key={party.slot} missing={party} closing={closing} />
            ))}
          </ul>
        ) : null}
        {without.length > 0 ? (
          <Note>
            <Phrase
              of="closing.receipts.excused"
              values={{ names: <NameList names={without} /> }}
            />
          </Note>
        ) : null}
      </Card>
    </>
  );
}

/** What the wipe still needs. Time alone never brings it: others must say that they go on (T6). */
function WhenWiped({
  closing: { missing, step, units },
  count,
  hasAll,
}: {
  closing: ClosingView;
  count: number;
  hasAll: boolean;
}) {
  const { t, tag } = useStrings();
  const left = missing.map(({ secondsLeft }) => secondsLeft).filter((seconds) => seconds > 0);
  const isWaiting = left.length > 0 && step === 'record';
  const time = waitWords(Math.max(0, ...left), tag);
  if (isWaiting && hasAll) return t('closing.receipts.soon', { time });
  if (isWaiting && units.length > 2) return t('closing.receipts.waits', { count, time });
  const whenAll = t('closing.receipts.whenAll', { count });
  return units.length === 2 && !hasAll ? `${whenAll} ${t('closing.receipts.two')}` : whenAll;
}

/** A party that the wipe waits for, with the time left and the way on without it. */
function MissingParty({
  missing: { goOn, secondsLeft, slot },
  closing,
}: {
  missing: MissingPartyView;
  closing: ClosingView;
}) {
  const { t, tag } = useStrings();
  const client = useClient();
  const { charter, me } = useMission();
  const { run, isBusy, problem } = useCommand({ here: true });
  const party = partyAt(charter.parties, slot);
  if (!party) return null;
  const lacks = closing.step === 'record' ? 'noReceipt' : 'noSync';
  const others = goOn.map((one) => partyAt(charter.parties, one)?.name ?? '');
  return (
    <li>
      <PartyBadge party={party} isLarge />
      <span className={styles.words}>
        <b>
          <Name>{party.name}</Name>
        </b>
        <small>
          {t(`closing.receipts.${lacks}`)}{' '}
          {secondsLeft > 0
            ? t('closing.receipts.left', { time: waitWords(secondsLeft, tag) })
            : t('closing.receipts.over')}{' '}
          {others.length > 0 ? (
            <Phrase
              of="closing.receipts.goOnSaid"
              values={{ names: <NameList names={others} />, party: party.name }}
            />
          ) : null}
        </small>
      </span>
      {mayGoOnWithout(closing, me).includes(slot) ? (
        <span className={styles.acts}>
          <Button isBusy={isBusy} onPress={() => void run(() => client.goOnWithout(slot))}>
            {t('closing.receipts.goOn', { party: cleanName(party.name) })}
          </Button>
        </span>
      ) : null}
      <ProblemNote problem={problem} />
    </li>
  );
}
