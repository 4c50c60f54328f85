import type { LinkDigits } from '#client/linking/linking-model.ts';
import { useStrings } from '../language/i18n.ts';
import { pictures } from '../mission/pictures.ts';
import styles from './devices.module.css';

/** Three pictures with their words, and the same as six digits, to be held side by side. */
export function LinkPictures({ compare }: { compare: LinkDigits }) {
  const { t } = useStrings();
  return (
    <>
      <ol className={styles.pictures} aria-label={t('devices.pictures')}>
        {compare.pictures.map((index, at) => {
          const picture = pictures[index];
          if (!picture) return null;
          const { icon: Icon, word } = picture;
          return (
            <li key={at}>
              <Icon size={44} strokeWidth={1.8} aria-hidden />
              <span>{t(`picture.${word}`)}</span>
            </li>
          );
        })}
      </ol>
      <output className={styles.digits} aria-label={t('devices.digits')}>
        {compare.digits}
      </output>
    </>
  );
}
