import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Alphabets of the font for languages that the reader does not speak; the system has them. */
const unspoken = /@font-face\s*\{[^}]*rubik-(?:hebrew|cyrillic-ext)[^}]*\}/gu;

/**
 * Puts script, styles and fonts into one page. Its policy lets nothing in and nothing out: no
 * address is allowed, and script and styles only as they were built.
 */
function onePage(): Plugin {
  return {
    name: 'one-page',
    // The styles are put together by Vite's own last step.
    enforce: 'post',
    transform: {
      order: 'pre',
      handler: (code, id) =>
        id.endsWith('.css') ? { code: code.replaceAll(unspoken, ''), map: null } : undefined,
    },
    generateBundle(_, bundle) {
      let script = '';
      let style = '';
      for (const [name, made] of Object.entries(bundle)) {
        if (made.type === 'chunk') script += made.code;
        else if (name.endsWith('.css')) style += asText(made.source);
        else this.error(`${name} would be a file of its own`);
        delete bundle[name];
      }
      // Neither may end its element before its own end.
      script = script.replaceAll(/<(?=\/script|!--)/giu, '\\x3C');
      if (/<\/style/iu.test(style)) this.error('the styles end their element');
      if (style === '') this.error('the styles are missing');
      const page = readFileSync(join(import.meta.dirname, 'page.html'), 'utf8');
      const source = page
        .replace('<!-- policy -->', () => policyFor(script, style))
        .replace('<!-- style -->', () => `<style>${style}</style>`)
        .replace('<!-- script -->', () => `<script>${script}</script>`);
      this.emitFile({ type: 'asset', fileName: 'reader.html', source });
    },
  };
}

function policyFor(script: string, style: string): string {
  const policy = [
    "default-src 'none'",
    // The second only compiles the hashes of files; it allows no script.
    `script-src '${hashOf(script)}' 'wasm-unsafe-eval'`,
    `style-src '${hashOf(style)}'`,
    'font-src data:',
    'img-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return `<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}" />`;
}

/** As a policy names a text (CSP 3, hash-source). */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function asText(source: string | Uint8Array): string {
  return typeof source === 'string' ? source : Buffer.from(source).toString('utf8');
}

// A development build would be another file, whatever the shell or a test has set.
process.env['NODE_ENV'] = 'production';

// `vite build web/reader --outDir DIR` writes `reader.html` and nothing else. It is part of every
// record, so two builds are equal to the byte.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), onePage()],
  build: {
    outDir: '../../build/reader',
    emptyOutDir: false,
    target: 'es2023',
    assetsInlineLimit: Infinity,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: join(import.meta.dirname, 'main.tsx'),
      output: { format: 'iife', codeSplitting: false },
    },
  },
});
