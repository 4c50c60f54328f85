import { useEffect, useRef } from 'react';
import type { MessageView, PartyView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { useAnnounce } from '../session/announcer.tsx';
import { cleanName } from '../ui/party/clean-name.ts';
import { partyAt } from '../ui/party/slot.ts';
import { usePersonWords } from './person-words.ts';

/**
 * Has each new message of others spoken once. What was there when the
 * conversation opened, and what a first sync brings, stays unspoken.
 */
export function useNewLines(
  cid: string,
  messages: readonly MessageView[],
  parties: readonly PartyView[],
  isLoading: boolean,
): void {
  const { t } = useStrings();
  const announce = useAnnounce();
  const personWords = usePersonWords(parties);
  const known = useRef<{ cid: string; sids: Set<string> }>(undefined);
  useEffect(() => {
    const before = known.current?.cid === cid ? known.current.sids : undefined;
    known.current = { cid, sids: new Set(messages.map(({ sid }) => sid)) };
    if (!before || isLoading) return;
    for (const message of messages) {
      const { sid, isMine, kind, file } = message;
      if (before.has(sid) || isMine || (kind !== 'text' && kind !== 'file')) continue;
      const party = cleanName(partyAt(parties, message.slot)?.name ?? '');
      const text = file ? t('file.said', { name: cleanName(file.name) }) : message.text;
      announce(t('chat.says', { name: personWords(message), party, text }));
    }
  }, [cid, messages, parties, isLoading, announce, t, personWords]);
}
