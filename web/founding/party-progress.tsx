import type { FoundingView, PartyView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { listOf } from '../language/time.ts';
import { Card } from '../ui/surface.tsx';
import { CircleCheck, CircleDashed } from '../ui/icons.ts';
import { cleanName } from '../ui/party/clean-name.ts';
import { Name, PartyBadge } from '../ui/party/party-badge.tsx';
import { TableRing } from '../ui/party/table-ring.tsx';
import styles from './founding.module.css';
import { JoinCodeButton } from './join-code.tsx';

type Ceremony = 'gather' | 'compare' | 'sign';

/** Who has done this step: the table, and the same as a list. */
export function PartyProgress({
  founding,
  of: ceremony,
  done,
}: {
  founding: FoundingView;
  of: Ceremony;
  done: readonly number[];
}) {
  const { t, tag } = useStrings();
  const { parties } = founding.charter;
  const missing = parties.filter(({ slot }) => !done.includes(slot));
  const names = listOf(
    missing.map(({ name }) => cleanName(name)),
    tag,
  );
  const n = parties.length - missing.length;
  const m = parties.length;
  const label =
    missing.length > 0
      ? t(`${ceremony}.label`, { n, m, missing: names })
      : t(`${ceremony}.labelAll`, { m });
  return (
    <Card>
      <div className={styles.ring}>
        <TableRing
          parties={parties}
          isDone={(slot) => done.includes(slot)}
          label={label}
          big={t('gather.ring', { n, m })}
          small={t(`${ceremony}.ringSub`)}
          size={150}
        />
        <ul className={styles.list}>
          {parties.map((party) => (
            <Row
              key={party.slot}
              party={party}
              founding={founding}
              of={ceremony}
              isDone={done.includes(party.slot)}
            />
          ))}
        </ul>
      </div>
    </Card>
  );
}

function Row({
  party,
  founding,
  of: ceremony,
  isDone,
}: {
  party: PartyView;
  founding: FoundingView;
  of: Ceremony;
  isDone: boolean;
}) {
  const { t } = useStrings();
  const isMine = party.slot === founding.mySlot;
  const words = {
    gather: isDone ? t('gather.here') : t('gather.missing'),
    compare: isDone ? t('compare.says') : isMine ? t('compare.open') : t('compare.openOther'),
    sign: isDone ? t('sign.signed') : t('sign.open'),
  }[ceremony];
  const Icon = isDone ? CircleCheck : CircleDashed;
  return (
    <li>
      <PartyBadge party={party} isLarge />
      <span className={styles.who}>
        {isMine ? t('gather.you', { party: cleanName(party.name) }) : <Name>{party.name}</Name>}
        <small>{words}</small>
      </span>
      <Icon size={22} aria-hidden />
      {!isDone && !isMine && ceremony !== 'compare' ? (
        <JoinCodeButton party={party} link={founding.joinLink} />
      ) : null}
    </li>
  );
}
