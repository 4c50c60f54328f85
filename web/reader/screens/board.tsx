import { useMemo, useRef, useState } from 'react';
import { saveBlob } from '../../files/save-blob.ts';
import { Download, PenLine } from '../../ui/icons.ts';
import { Card } from '../../ui/surface.tsx';
import { BoardPicture } from '../board/picture.tsx';
import { shapesOf } from '../board/shape.ts';
import { useWords } from '../strings/words.ts';
import { Press } from './press.tsx';
import styles from './reader.module.css';

/** The board of a conversation as it was at the end, drawn when somebody asks for it. */
export function BoardPanel({ board, title }: { board: readonly string[]; title: string }) {
  const { t } = useWords();
  const [isShown, setShown] = useState(false);
  const picture = useRef<SVGSVGElement>(null);
  const shapes = useMemo(() => shapesOf(board), [board]);
  if (board.length === 0) return null;
  const save = () => {
    const text = new XMLSerializer().serializeToString(picture.current as SVGSVGElement);
    saveBlob(new Blob([text]), `${title}.svg`);
  };
  const objects = t('board.objects', { count: board.length });
  return (
    <Card className={styles.stack}>
      <div className={styles.row}>
        <PenLine size={20} aria-hidden />
        <h3>{t('board.title')}</h3>
        <span className={styles.muted}>{objects}</span>
      </div>
      {isShown ? (
        <>
          <div className={styles.canvas}>
            <BoardPicture ref={picture} shapes={shapes} label={`${t('board.title')}, ${objects}`} />
          </div>
          <div>
            <Press icon={Download} onPress={save}>
              {t('board.save')}
            </Press>
          </div>
        </>
      ) : (
        <div>
          <Press onPress={() => setShown(true)}>{t('board.show')}</Press>
        </div>
      )}
    </Card>
  );
}
