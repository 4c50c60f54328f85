import { useSyncExternalStore } from 'react';

/** How this device shows Parley. Nothing here is secret; it stays on the device. */
export interface Preferences {
  /** Language tag; absent = the first of the device's that Parley speaks. */
  readonly language?: string;
  readonly theme: 'device' | 'light' | 'dark';
  readonly contrast: boolean;
  /** Per cent, 100…200. */
  readonly textSize: number;
  readonly reduceMotion: boolean;
  /** Letters alone act in a call (M, V, S). */
  readonly singleKeys: boolean;
  /** The key card of this mission is printed, or kept another way. */
  readonly hasKeyCard: boolean;
}

const place = 'parley.preferences';
const usual: Preferences = {
  theme: 'device',
  contrast: false,
  textSize: 100,
  reduceMotion: false,
  singleKeys: true,
  hasKeyCard: false,
};
const listeners = new Set<() => void>();
let current: Preferences = load();

function load(): Preferences {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? '{}');
    return typeof kept === 'object' && kept !== null ? { ...usual, ...kept } : usual;
  } catch {
    // Storage may be forbidden or broken; the usual look is always good enough.
    return usual;
  }
}

/** Changes some preferences and keeps them. */
export function prefer(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(place, JSON.stringify(current));
  } catch {
    // As above: the choice then holds until the page is closed.
  }
  dress();
  for (const listener of listeners) listener();
}

/** Puts the look on the document; call once before the first render. */
export function dress(): void {
  const { dataset, style } = document.documentElement;
  if (current.theme === 'device') delete dataset['theme'];
  else dataset['theme'] = current.theme;
  if (current.contrast) dataset['contrast'] = 'more';
  else delete dataset['contrast'];
  if (current.reduceMotion) dataset['motion'] = 'less';
  else delete dataset['motion'];
  style.fontSize = `${current.textSize}%`;
}

/** The preferences now; renders again when they change. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

/** The preferences now, outside a component. */
export function preferences(): Preferences {
  return current;
}
