import { type KeyboardEvent, useState } from 'react';
import type { BoardView } from '#client/call-model.ts';
import { saveBlob } from '../files/save-blob.ts';
import { useStrings } from '../language/i18n.ts';
import { useMission, useView } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { IconButton, IconToggle } from '../ui/button.tsx';
import { Check, Clock, Download, List, Users, WifiOff } from '../ui/icons.ts';
import { Pane } from '../ui/pane.tsx';
import { cleanName } from '../ui/party/clean-name.ts';
import { Sheet } from '../ui/sheet.tsx';
import { Pill, Wait } from '../ui/surface.tsx';
import { useVeryWide, useWide } from '../ui/use-wide.ts';
import { BoardPeople } from './board-people.tsx';
import styles from './board.module.css';
import { Drawing } from './excalidraw.tsx';
import { Objects } from './objects.tsx';
import { useBoard } from './use-board.ts';
import { useDark } from './use-dark.ts';
import { useLiveCanvas } from './use-live-canvas.ts';

/** The board of a conversation, or why it is not there yet. */
export function BoardScreen({ cid }: { cid: string }) {
  const { t } = useStrings();
  const { board, problem } = useBoard(cid);
  if (board) return <OpenBoard board={board} />;
  return (
    <Pane title={t('board.title')} heading={t('board.title')} back={`/chats/${cid}`}>
      {problem ? <ProblemNote problem={problem} /> : <Wait>{t('board.loading')}</Wait>}
    </Pane>
  );
}

function OpenBoard({ board }: { board: BoardView }) {
  const { t, tag } = useStrings();
  const { conversations } = useMission();
  const { run } = useCommand();
  const isDark = useDark();
  const isWide = useWide();
  const hasAside = useVeryWide();
  const [isListed, setListed] = useState(hasAside);
  const [isPeopled, setPeopled] = useState(false);
  const live = useLiveCanvas(board);
  const { canvas, elements } = live;
  const title = conversations.find(({ cid }) => cid === board.cid)?.title ?? '';
  const save = () => {
    if (canvas) void run(async () => saveBlob(await canvas.picture(), `${t('board.title')}.png`));
  };
  const list = canvas ? <Objects elements={elements} canvas={canvas} /> : null;
  const isAside = hasAside && isListed;
  return (
    <div className={`${styles.split} ${isAside ? styles.withAside : ''}`}>
      <Pane
        title={t('board.title')}
        heading={t('board.title')}
        sub={<bdi>{cleanName(title)}</bdi>}
        back={`/chats/${board.cid}`}
        isPadded={false}
        tools={
          <>
            <IconButton name={t('board.people')} icon={Users} onPress={() => setPeopled(true)} />
            {/* A phone has no room for it here; it is in the menu of the board. */}
            {isWide ? <IconButton name={t('board.save')} icon={Download} onPress={save} /> : null}
            {hasAside ? (
              <IconToggle
                name={t('board.objects')}
                icon={List}
                isOn={isListed}
                onChange={setListed}
              />
            ) : (
              <IconButton name={t('board.objects')} icon={List} onPress={() => setListed(true)} />
            )}
          </>
        }
      >
        <div className={styles.board}>
          <div className={styles.canvas} onKeyDownCapture={keepInside} data-board={board.id}>
            <Drawing
              language={tag}
              isDark={isDark}
              saveWords={t('board.save')}
              onSave={save}
              onReady={live.onReady}
              onChange={live.onChange}
              onPoint={live.onPoint}
            />
            {elements.some(({ isDeleted }) => !isDeleted) ? null : (
              <p className={styles.empty}>{t('board.empty')}</p>
            )}
          </div>
          <Saved board={board} />
        </div>
      </Pane>
      {isAside ? (
        <aside className={styles.aside} aria-label={t('board.objects')}>
          <h2>{t('board.objects')}</h2>
          {list}
        </aside>
      ) : null}
      <Sheet
        title={t('board.objects')}
        isOpen={isListed && !hasAside}
        onClose={() => setListed(false)}
      >
        {list}
      </Sheet>
      <Sheet title={t('board.people')} isOpen={isPeopled} onClose={() => setPeopled(false)}>
        <BoardPeople board={board} />
      </Sheet>
    </div>
  );
}

/** Keys of the drawing program that open pages with links to other places: help, library, commands. */
function keepInside(event: KeyboardEvent): void {
  const isText = event.target instanceof Element && event.target.closest('input, textarea');
  const isCommand = event.ctrlKey || event.metaKey;
  const isOut = isCommand
    ? event.key === '/' || (event.shiftKey && event.key.toLowerCase() === 'p')
    : !isText && (event.key === '?' || event.key === '0');
  if (isOut) event.stopPropagation();
}

function Saved({ board }: { board: BoardView }) {
  const { t } = useStrings();
  const { link } = useView();
  const isSent = board.saved === 'sent';
  const isAway = link.state === 'none';
  return (
    <p className={styles.saved} role="status" data-saved={board.saved}>
      <Pill icon={isSent ? Check : isAway ? WifiOff : Clock} tone={isSent ? 'ok' : 'plain'}>
        {isSent ? t('board.saved') : isAway ? t('board.kept') : t('board.saving')}
      </Pill>
    </p>
  );
}
