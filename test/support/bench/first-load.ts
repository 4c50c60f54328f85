import { get } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

/** What a page and the files it refers to look like, as far as references go. */
const references: [contentType: RegExp, reference: RegExp][] = [
  [/html/, /<(?:script|link)\b[^>]*?\b(?:src|href)="([^"#]+)"/g],
  [/javascript/, /\b(?:from|import)\s*["'](\.{1,2}\/[^"']+|\/[^"']+)["']/g],
  [/css/, /url\(["']?([^"')#]+)["']?\)/g],
];

/**
 * Bytes that cross the wire, compressed as the server pleases and without heads, until a page
 * stands: the page, what its head names, and what those name, as far as it is on the same server.
 * Anything a script asks for only while it runs is not counted.
 */
export async function firstLoadBytes(page: URL): Promise<number> {
  const seen = new Set([page.href]);
  let bytes = 0;
  for (const href of seen) {
    const { type, wire, text } = await fetchFile(new URL(href));
    bytes += wire;
    for (const [contentType, reference] of references) {
      if (!contentType.test(type)) continue;
      for (const [, target] of text.matchAll(reference)) {
        const next = new URL(target ?? '', href);
        if (next.origin === page.origin) seen.add(next.href);
      }
    }
  }
  return bytes;
}

async function fetchFile(url: URL): Promise<{ type: string; wire: number; text: string }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { 'accept-encoding': 'br, gzip' };
    get(url, { headers, rejectUnauthorized: false, agent: false }, resolve).on('error', reject);
  });
  const body = Buffer.concat(await response.toArray());
  if (response.statusCode !== 200) throw new Error(`${url.href}: ${response.statusCode}`);
  const { 'content-encoding': encoding, 'content-type': type } = response.headers;
  return { type: type ?? '', wire: body.length, text: decode(body, encoding).toString() };
}

function decode(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'br') return brotliDecompressSync(body);
  return encoding === 'gzip' ? gunzipSync(body) : body;
}
