import { defineConfig } from 'vite';

// Built as the app is: worker and page are modules of the same origin, nothing inlined.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  worker: { format: 'es' },
});
