import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** What gains by compression; fonts and pictures are compressed already. */
const worthwhile = /\.(?:html|js|css|json|svg|wasm)$/;
const leastBytes = 1024;

/** Beyond this the last percent costs minutes on a small machine. */
const brotliQuality = 9;

/**
 * Puts a brotli and a gzip form beside each file of a bundle, so that the box sends few bytes and
 * compresses nothing while people wait. The same files give the same bytes.
 */
export function compressBundle(bundle) {
  for (const entry of readdirSync(bundle, { recursive: true, encoding: 'utf8' })) {
    const path = join(bundle, entry);
    if (!worthwhile.test(entry) || statSync(path).size < leastBytes) continue;
    const bytes = readFileSync(path);
    const params = { [constants.BROTLI_PARAM_QUALITY]: brotliQuality };
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}
