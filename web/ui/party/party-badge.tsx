import type { PartyView } from '#client/model.ts';
import { cleanName } from './clean-name.ts';
import styles from './party.module.css';
import { partyColours } from './slot.ts';

/** The square with a party's letters. Decoration: the party's word stands beside it. */
export function PartyBadge({ party, isLarge = false }: { party: PartyView; isLarge?: boolean }) {
  const letters = cleanName(party.code);
  return (
    <span
      className={`${styles.badge} ${isLarge ? styles.large : ''}`}
      style={partyColours(party.slot)}
      aria-hidden
    >
      {[...letters].length > 1 ? <span className={styles.two}>{letters}</span> : letters}
    </span>
  );
}

/** A name in a party's colour, closed off against the text around it. */
export function PartyName({ party }: { party: PartyView }) {
  return (
    <bdi className={styles.name} style={partyColours(party.slot)}>
      {cleanName(party.name)}
    </bdi>
  );
}

/** A person's first letter in a circle, with the badge of their party. Decoration. */
export function Avatar({
  name,
  party,
  isSmall = false,
}: {
  name: string;
  party?: PartyView | undefined;
  isSmall?: boolean;
}) {
  const [letter = '?'] = new Intl.Segmenter().segment(cleanName(name).trim().toLocaleUpperCase());
  return (
    <span className={`${styles.avatar} ${isSmall ? styles.small : ''}`} aria-hidden>
      {typeof letter === 'string' ? letter : letter.segment}
      {party ? <PartyBadge party={party} /> : null}
    </span>
  );
}

/** Any name that a person chose: cleaned and in `<bdi>`. */
export function Name({ children }: { children: string }) {
  return <bdi>{cleanName(children)}</bdi>;
}
