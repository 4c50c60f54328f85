import { useEffect, useState } from 'react';
import type { CallView, ParticipantView } from '#client/call-model.ts';
import { useStrings } from '../language/i18n.ts';
import { NameList } from '../language/phrase.tsx';
import { usePersonWords } from '../messaging/person-words.ts';
import { useMission } from '../session/client-context.tsx';
import { IconButton } from '../ui/button.tsx';
import { LayoutGrid } from '../ui/icons.ts';
import { CallFrame, Duration } from './call-frame.tsx';
import { CallLines, LineLost } from './call-lines.tsx';
import styles from './call.module.css';
import { Controls } from './controls.tsx';
import { Tile } from './tile.tsx';
import { useCallKeys } from './use-call-keys.ts';

/** Tiles at once; a phone cannot decode more pictures, and nobody can watch more faces. */
const mostTiles = 6;

/** Several people: as a grid of equals, or whoever speaks large. */
export function Conference({ call, onBack }: { call: CallView; onBack: () => void }) {
  const { t } = useStrings();
  const { parties } = useMission().charter;
  const personWords = usePersonWords(parties);
  const [view, setView] = useState<'grid' | 'speaker'>('grid');
  const speaker = useSpeakerOf(call.participants);
  useCallKeys(call);
  const { tiles, rest } = seats(call.participants);
  const sharer = call.participants.find(({ hasScreen }) => hasScreen);
  const isGrid = view === 'grid' && !sharer;
  const big = call.participants.find(({ device }) => device === speaker) ?? tiles[0];
  const count = call.participants.length;
  return (
    <CallFrame
      call={call}
      back={onBack}
      sub={
        <>
          {t('chat.people', { count })} • <Duration />
        </>
      }
      tools={
        <IconButton
          name={t('call.changeView')}
          icon={LayoutGrid}
          onPress={() => setView(view === 'grid' ? 'speaker' : 'grid')}
        />
      }
      controls={<Controls call={call} />}
    >
      <CallLines call={call} />
      <LineLost call={call} />
      <section
        className={isGrid ? styles.grid : styles.focus}
        aria-label={t('call.people')}
        data-view={isGrid ? 'grid' : 'speaker'}
        data-count={tiles.length}
      >
        {isGrid ? null : sharer ? (
          <Tile person={sharer} parties={parties} kind="screen" isBig />
        ) : big ? (
          <Tile person={big} parties={parties} isBig />
        ) : null}
        <div className={isGrid ? styles.equals : styles.strip}>
          {tiles
            .filter((person) => isGrid || sharer !== undefined || person !== big)
            .map((person) => (
              <Tile key={person.device} person={person} parties={parties} />
            ))}
        </div>
      </section>
      {count < 2 ? (
        <p className={styles.band} role="status">
          {t('call.alone')}
        </p>
      ) : null}
      {rest.length > 0 ? (
        <p className={styles.band}>
          {t('call.withoutVideo', { count: rest.length })}{' '}
          <NameList names={rest.map(personWords)} />
        </p>
      ) : null}
    </CallFrame>
  );
}

/** Who has a tile: pictures first, then voices; oneself last but always. Others are names. */
function seats(people: readonly ParticipantView[]) {
  const others = people.filter(({ isMe }) => !isMe);
  const seen = [...others].sort((a, b) => Number(b.hasVideo) - Number(a.hasVideo));
  const me = people.filter(({ isMe }) => isMe);
  const room = mostTiles - me.length;
  return { tiles: [...seen.slice(0, room), ...me], rest: seen.slice(room) };
}

/** Device of the other person who spoke last; it stays while nobody speaks. */
function useSpeakerOf(people: readonly ParticipantView[]): string | undefined {
  const speaking = people.find(({ isMe, isSpeaking }) => isSpeaking && !isMe)?.device;
  const [last, setLast] = useState(speaking);
  useEffect(() => {
    if (speaking !== undefined) setLast(speaking);
  }, [speaking]);
  return speaking ?? last;
}
