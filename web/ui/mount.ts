import '@fontsource-variable/rubik/wght.css';
import './base.css';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';

/** Draws a program into `#root`, with the font and what every element starts from. */
export function mount(program: ReactNode): void {
  const root = document.getElementById('root');
  if (root) createRoot(root).render(program);
}
