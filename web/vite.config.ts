import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `vite build web --outDir DIR` writes elsewhere. File names come from content alone and
// addresses are relative, so that two builds are equal and any path can serve them.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../build/web/out',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    // Browsers of our targets preload modules themselves; less code to review.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
});
