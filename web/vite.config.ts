import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const excalidraw = join(import.meta.dirname, '../node_modules/@excalidraw/excalidraw/dist/prod');
/** Parts of the drawing program that are left out: diagrams from text, languages not ours. */
const unused =
  /^@excalidraw\/mermaid-to-excalidraw$|\/locales\/(?!ar-SA|de-DE|en-|uk-UA|percentages)/u;
const nothing = '\0nothing';

/**
 * What the first page needs anyway and later chunks use, too. Together, since many small files
 * cost more requests and more bytes than they save.
 */
export const page = {
  name: 'page',
  test: /\/node_modules\/(?:react|react-dom|scheduler|react-aria|react-aria-components|react-stately|@internationalized|i18next|react-i18next|lucide-react|wouter)\/|\/web\/(?:ui|session|messaging)\/|\/web\/language\/(?:en\.json|[^/]+\.tsx?)$/u,
};

/**
 * Has the board come from our own origin alone: its fonts lie beside the page (without
 * the 13 MB set for Chinese), and its address of last resort elsewhere is ours, too.
 */
export function boardAssets(): Plugin {
  return {
    name: 'board-assets',
    enforce: 'pre',
    resolveId: (id) => (unused.test(id) ? nothing : undefined),
    load: (id) => (id === nothing ? 'export default {};' : undefined),
    transform: (code, id) =>
      id.includes('/@excalidraw/excalidraw/') && code.includes('https://esm.sh/')
        ? { code: code.replaceAll('`https://esm.sh/', '`${location.origin}/'), map: null }
        : undefined,
    generateBundle() {
      for (const font of globSync('fonts/*/*.woff2', { cwd: excalidraw })) {
        if (font.includes('Xiaolai')) continue;
        const source = readFileSync(join(excalidraw, font));
        this.emitFile({ type: 'asset', fileName: `excalidraw/${font}`, source });
      }
    },
  };
}

// `vite build web --outDir DIR` writes elsewhere. File names come from content alone and
// addresses are relative, so that two builds are equal and any path can serve them.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), boardAssets()],
  build: {
    outDir: '../build/web/out',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    // Browsers of our targets preload modules themselves; less code to review.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [page] },
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
});
