import { useCallback } from 'react';
import type { PartyView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { cleanName } from '../ui/party/clean-name.ts';
import { partyAt } from '../ui/party/slot.ts';

/** A person's name, or "Somebody of {party}" while nobody has told it. */
export function usePersonWords(parties: readonly PartyView[]) {
  const { t } = useStrings();
  return useCallback(
    ({ name, slot }: { name?: string | undefined; slot: number }): string =>
      name === undefined
        ? t('chat.someone', { party: cleanName(partyAt(parties, slot)?.name ?? '') })
        : cleanName(name),
    [t, parties],
  );
}
