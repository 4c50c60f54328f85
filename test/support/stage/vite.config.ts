import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Builds the screens over the scripted client, for tests of the screens alone.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../../../build/stage',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
  },
});
