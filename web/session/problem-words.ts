import type { Problem } from '#client/model.ts';
import { hasString, type StringKey, useStrings } from '../language/i18n.ts';

/**
 * A refusal in the language spoken, if its code is in the file of strings under
 * `problem.<code>`; otherwise in the engine's own words.
 */
export function useProblemWords(): (problem: Problem) => { says: string; advice: string } {
  const { t } = useStrings();
  return ({ code, says, advice }) => {
    const key = `problem.${code}`;
    if (hasString(`${key}.says`)) {
      return { says: t(`${key}.says` as StringKey), advice: t(`${key}.advice` as StringKey) };
    }
    if (says === '')
      return { says: t('problem.unexpected.says'), advice: t('problem.unexpected.advice') };
    return { says, advice };
  };
}
