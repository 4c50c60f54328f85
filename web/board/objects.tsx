import type { KeyboardEvent } from 'react';
import { useStrings } from '../language/i18n.ts';
import { AriaButton, Menu, MenuItem, MenuTrigger, Popover } from '../ui/aria.ts';
import button from '../ui/button.module.css';
import {
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  EllipsisVertical,
  type LucideIcon,
  Trash2,
} from '../ui/icons.ts';
import menu from '../ui/menu.module.css';
import styles from './board.module.css';
import type { DrawnElement } from './element.ts';
import type { Canvas } from './excalidraw.tsx';

/** Pixels that one step moves an object. */
const step = 20;
/** Objects in the list; a board of thousands is not read one by one. */
const mostListed = 500;

/** Everything on the board as a list: shown, moved and deleted without a mouse. */
export function Objects({
  elements,
  canvas,
}: {
  elements: readonly DrawnElement[];
  canvas: Canvas;
}) {
  const { t } = useStrings();
  const objects = elements.filter(({ isDeleted, containerId }) => !isDeleted && !containerId);
  const words = (object: DrawnElement): string => {
    const text = object.text ?? elements.find((one) => one.containerId === object.id)?.text;
    const kind = t(`board.kind.${object.type}` as 'board.kind.rectangle');
    return text ? t('board.object', { kind, text }) : kind;
  };
  if (objects.length === 0) return <p className={styles.hint}>{t('board.empty')}</p>;
  return (
    <>
      <p className={styles.hint}>{t('board.objectsHint')}</p>
      <ul className={styles.objects} aria-label={t('board.objects')}>
        {objects.slice(0, mostListed).map((object) => (
          <li key={object.id}>
            <button
              type="button"
              className={styles.object}
              onClick={() => canvas.show(object.id)}
              onKeyDown={(event) => act(event, object.id, canvas)}
            >
              <bdi>{words(object)}</bdi>
            </button>
            <ObjectMenu object={object} name={words(object)} canvas={canvas} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** Moves per key; left stays left in every language, since a drawing is not mirrored. */
const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-step, 0],
  ArrowRight: [step, 0],
  ArrowUp: [0, -step],
  ArrowDown: [0, step],
};

function act(event: KeyboardEvent, id: string, canvas: Canvas): void {
  const move = moves[event.key];
  if (move) canvas.move(id, ...move);
  else if (event.key === 'Delete' || event.key === 'Backspace') canvas.remove(id);
  else return;
  event.preventDefault();
}

const directions: readonly (readonly [
  LucideIcon,
  'board.left' | 'board.right' | 'board.up' | 'board.down',
  string,
])[] = [
  [ArrowLeft, 'board.left', 'ArrowLeft'],
  [ArrowRight, 'board.right', 'ArrowRight'],
  [ArrowUp, 'board.up', 'ArrowUp'],
  [ArrowDown, 'board.down', 'ArrowDown'],
];

function ObjectMenu({
  object: { id },
  name,
  canvas,
}: {
  object: DrawnElement;
  name: string;
  canvas: Canvas;
}) {
  const { t } = useStrings();
  return (
    <MenuTrigger>
      <AriaButton className={button.icon ?? ''} aria-label={t('board.actions', { name })}>
        <EllipsisVertical size={20} aria-hidden />
      </AriaButton>
      <Popover className={menu.popover ?? ''} placement="bottom end">
        <Menu className={menu.menu ?? ''} aria-label={t('board.actions', { name })}>
          {directions.map(([Icon, words, key]) => (
            <MenuItem
              key={key}
              className={menu.item ?? ''}
              shouldCloseOnSelect={false}
              onAction={() => canvas.move(id, ...(moves[key] ?? [0, 0]))}
            >
              <Icon size={20} aria-hidden />
              {t(words)}
            </MenuItem>
          ))}
          <MenuItem
            className={menu.item ?? ''}
            data-tone="danger"
            onAction={() => canvas.remove(id)}
          >
            <Trash2 size={20} aria-hidden />
            {t('board.delete')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
