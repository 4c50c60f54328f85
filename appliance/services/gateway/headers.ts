/**
 * What a page of the box may do. Nothing is loaded from elsewhere, and no other
 * page may frame the app or read what it opens. `wasm-unsafe-eval`: the QR
 * reader is WebAssembly. Inline styles: components position pop-ups with them.
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "object-src 'none'",
].join('; ');

/** Sent with every answer over HTTPS. */
export const protectedHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(self), display-capture=(self), geolocation=()',
};

/** Sent with every answer over plain HTTP: a page without scripts that only leads on. */
export const plainHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/**
 * The single-file client has another origin (`null`). That is safe to allow:
 * nothing here is authorised by what a browser adds on its own, such as cookies.
 */
export const crossOriginHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'content-range, parley-have, parley-more, parley-size, retry-after',
};

/** Answers the question a browser asks before it sends such a request (CORS). */
export const preflightHeaders: Readonly<Record<string, string>> = {
  ...crossOriginHeaders,
  'access-control-allow-methods': 'GET, HEAD, POST, PUT',
  'access-control-allow-headers':
    'content-range, content-type, range, parley-session, parley-counter, parley-mac',
  'access-control-max-age': '600',
};

/** Names with a content hash never change what they mean; everything else is asked for again. */
export function cacheControl(path: string): string {
  const isHashed = /[/\\]assets[/\\].*-[A-Za-z0-9_-]{8,}\.[a-z0-9]+(\.(br|gz))?$/.test(path);
  return isHashed ? 'public, max-age=31536000, immutable' : 'no-cache';
}
