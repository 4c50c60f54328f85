import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { boardAssets } from '../../../web/vite.config.ts';

// Builds the screens over the scripted client, for tests of the screens alone.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), boardAssets()],
  build: {
    outDir: '../../../build/stage',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
  },
});
