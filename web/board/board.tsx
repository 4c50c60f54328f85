import { lazy, Suspense } from 'react';
import { useStrings } from '../language/i18n.ts';
import { Pane } from '../ui/pane.tsx';
import { Wait } from '../ui/surface.tsx';

/** Folder of the drawing program's fonts, beside the page. The build puts them there. */
const assets = 'excalidraw/';

const Screen = lazy(async () => {
  // Read once when the drawing program loads; without it, fonts would be asked for elsewhere.
  Object.assign(window, { EXCALIDRAW_ASSET_PATH: new URL(assets, document.baseURI).href });
  const { BoardScreen } = await import('./board-screen.tsx');
  return { default: BoardScreen };
});

/** The board of a conversation. Its program is large and comes only when it is opened. */
export function Board({ cid }: { cid: string }) {
  const { t } = useStrings();
  return (
    <Suspense
      fallback={
        <Pane title={t('board.title')} heading={t('board.title')} back={`/chats/${cid}`}>
          <div data-waiting>
            <Wait>{t('board.loading')}</Wait>
          </div>
        </Pane>
      }
    >
      <Screen cid={cid} />
    </Suspense>
  );
}
