// The one importer of the drawing program.
import {
  CaptureUpdateAction,
  Excalidraw,
  exportToBlob,
  MainMenu,
  newElementWith,
  reconcileElements,
  restoreElements,
} from '@excalidraw/excalidraw';
import '@excalidraw/excalidraw/index.css';
import { type ComponentProps, useRef } from 'react';
import type { DrawnElement } from './element.ts';

type Props = ComponentProps<typeof Excalidraw>;
type Api = Parameters<NonNullable<Props['excalidrawAPI']>>[0];
type Elements = ReturnType<Api['getSceneElementsIncludingDeleted']>;
type Remote = Parameters<typeof reconcileElements>[1];
type Other = { device: string; name: string; x: number; y: number };

/** Our languages in the drawing program's tags. */
const languages: Readonly<Record<string, string>> = {
  en: 'en',
  ar: 'ar-SA',
  de: 'de-DE',
  uk: 'uk-UA',
};

/** A drawing that is shown, as the rest of this program handles it. */
export class Canvas {
  readonly #api: Api;
  #isFirst = true;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Elements as they stand here, deleted ones among them. */
  elements(): readonly DrawnElement[] {
    return this.#api.getSceneElementsIncludingDeleted();
  }

  /** Merges what others drew; the higher version of each element wins. False if it cannot be drawn. */
  receive(elements: readonly DrawnElement[]): boolean {
    try {
      // In the order of their places: out of order, the program would change each of them.
      const ordered = elements.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
      const whole = restoreElements(ordered as unknown as Elements, null);
      const here = this.#api.getSceneElementsIncludingDeleted();
      const merged = reconcileElements(here, whole as unknown as Remote, this.#api.getAppState());
      // "Undo" is for what one drew oneself.
      this.#api.updateScene({ elements: merged, captureUpdate: CaptureUpdateAction.NEVER });
      // Whoever opens a board sees what is on it, wherever it was drawn; whoever has begun to draw
      // must not have the paper pulled away.
      if (this.#isFirst && here.length === 0)
        this.#api.scrollToContent(undefined, { fitToContent: true });
      this.#isFirst = false;
      return true;
    } catch {
      return false;
    }
  }

  /** Shows where the others point. */
  point(others: readonly Other[]): void {
    type People = NonNullable<Parameters<Api['updateScene']>[0]['collaborators']>;
    const people = new Map(
      others.map(({ device, name, x, y }) => [
        device,
        { username: name, pointer: { x, y, tool: 'pointer' as const } },
      ]),
    );
    this.#api.updateScene({ collaborators: people as unknown as People });
  }

  /** Selects an element and brings it into view. */
  show(id: string): void {
    const element = this.#api.getSceneElements().find((one) => one.id === id);
    if (!element) return;
    this.#api.updateScene({ appState: { selectedElementIds: { [id]: true } } });
    this.#api.scrollToContent(element, { fitToContent: false, animate: false });
  }

  /** Moves an element, and the text in it, by pixels. */
  move(id: string, byX: number, byY: number): void {
    this.#change(id, ({ x, y }) => ({ x: x + byX, y: y + byY }));
  }

  remove(id: string): void {
    this.#change(id, () => ({ isDeleted: true }));
  }

  /** Everything on the board as a PNG. */
  async picture(): Promise<Blob> {
    await document.fonts.ready;
    return exportToBlob({
      elements: this.#api.getSceneElements(),
      appState: { exportBackground: true, exportWithDarkMode: false },
      files: this.#api.getFiles(),
      mimeType: 'image/png',
      exportPadding: 24,
    });
  }

  #change(
    id: string,
    change: (element: Elements[number]) => { x: number; y: number } | { isDeleted: boolean },
  ): void {
    const elements = this.#api
      .getSceneElementsIncludingDeleted()
      .map((one) =>
        one.id === id || ('containerId' in one && one.containerId === id)
          ? newElementWith(one, change(one))
          : one,
      );
    this.#api.updateScene({ elements, captureUpdate: CaptureUpdateAction.IMMEDIATELY });
  }
}

/** Where an element lies in the pile; fractional indices are compared as text. */
function place({ index, id }: DrawnElement): string {
  return `${index ?? ''} ${id}`;
}

/** The drawing program, without anything that leads out of the mission. */
export function Drawing({
  language,
  isDark,
  saveWords,
  onSave,
  onReady,
  onChange,
  onPoint,
}: {
  language: string;
  isDark: boolean;
  saveWords: string;
  onSave: () => void;
  onReady: (canvas: Canvas) => void;
  onChange: (elements: readonly DrawnElement[]) => void;
  onPoint: (x: number, y: number) => void;
}) {
  const canvas = useRef<Canvas>(undefined);
  const isReady = useRef(false);
  return (
    <Excalidraw
      excalidrawAPI={(api) => {
        canvas.current = new Canvas(api);
      }}
      onChange={(elements) => {
        // Before the first change the program is still loading and would drop what it is given.
        if (!isReady.current && canvas.current) {
          isReady.current = true;
          onReady(canvas.current);
        }
        onChange(elements);
      }}
      onPointerUpdate={({ pointer }) => onPoint(pointer.x, pointer.y)}
      isCollaborating
      langCode={languages[language] ?? 'en'}
      theme={isDark ? 'dark' : 'light'}
      aiEnabled={false}
      handleKeyboardGlobally={false}
      detectScroll={false}
      validateEmbeddable={false}
      onLinkOpen={(_element, event) => event.preventDefault()}
      UIOptions={{
        tools: { image: false },
        canvasActions: {
          changeViewBackgroundColor: false,
          clearCanvas: false,
          export: false,
          loadScene: false,
          saveAsImage: false,
          saveToActiveFile: false,
          toggleTheme: false,
        },
      }}
    >
      <MainMenu>
        <MainMenu.Item onSelect={onSave}>{saveWords}</MainMenu.Item>
      </MainMenu>
    </Excalidraw>
  );
}
