import type { SafetyCode } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import text from '../ui/text.module.css';
import styles from './mission.module.css';
import { pictures } from './pictures.ts';

/** Groups of four, as people read numbers aloud. */
function digitGroups(digits: string): readonly string[] {
  return digits.match(/.{1,4}/gu) ?? [];
}

/** The safety code: ten pictures with their words, and the same as digits. */
export function SafetyCodeGrid({ code }: { code: SafetyCode }) {
  const { t } = useStrings();
  return (
    <>
      <ol className={styles.pictures} aria-label={t('compare.code')}>
        {code.pictures.map((index, at) => {
          const picture = pictures[index];
          if (!picture) return null;
          const { icon: Icon, word } = picture;
          return (
            <li key={at}>
              <Icon size={30} strokeWidth={1.8} aria-hidden />
              <span>{t(`picture.${word}`)}</span>
            </li>
          );
        })}
      </ol>
      <div>
        <p className={text.digits} data-testid="safety-digits">
          {digitGroups(code.digits).map((group, at) => (
            <span key={at}>{group}</span>
          ))}
        </p>
        <p className={styles.under}>{t('compare.digits')}</p>
      </div>
    </>
  );
}

/** The first pictures alone, as a reminder that leads to the whole. */
export function SafetyCodeRow({ code, count }: { code: SafetyCode; count: number }) {
  return (
    <span className={styles.row} aria-hidden>
      {code.pictures.slice(0, count).map((index, at) => {
        const Icon = pictures[index]?.icon;
        return Icon ? <Icon key={at} size={28} strokeWidth={1.8} /> : null;
      })}
    </span>
  );
}

/** Words and digits as one text, for the voice of the device. */
export function useSpokenCode(code: SafetyCode): string {
  const { t } = useStrings();
  const words = code.pictures.map((index) => pictures[index]).filter((picture) => !!picture);
  return [
    ...words.map(({ word }) => t(`picture.${word}`)),
    ...digitGroups(code.digits).map((group) => [...group].join(' ')),
  ].join('. ');
}
