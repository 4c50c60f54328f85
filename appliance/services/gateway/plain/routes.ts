import { isIP } from 'node:net';
import type { WebReply, WebRequest, WebRoute } from '../web-server.ts';
import { connectPage } from './page.ts';

/**
 * What phones and laptops ask to find out whether a network has internet. With
 * the expected answer they stay, and open no captive browser, in which neither
 * camera nor storage work.
 */
const probes: Readonly<Record<string, { status: number; type: string; body: string }>> = {
  '/generate_204': { status: 204, type: 'text/plain', body: '' },
  '/gen_204': { status: 204, type: 'text/plain', body: '' },
  '/hotspot-detect.html': {
    status: 200,
    type: 'text/html',
    body: '<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>',
  },
  '/library/test/success.html': {
    status: 200,
    type: 'text/html',
    body: '<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>',
  },
  '/connecttest.txt': { status: 200, type: 'text/plain', body: 'Microsoft Connect Test' },
  '/ncsi.txt': { status: 200, type: 'text/plain', body: 'Microsoft NCSI' },
  '/success.txt': { status: 200, type: 'text/plain', body: 'success\n' },
  '/canonical.html': {
    status: 200,
    type: 'text/html',
    body: '<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>',
  },
  '/check_network_status.txt': {
    status: 200,
    type: 'text/plain',
    body: 'NetworkManager is online\n',
  },
};

/** All that the plain HTTP port answers. `httpsPort` is asked when a page is wanted. */
export function plainRoutes(httpsPort: () => number): WebRoute[] {
  const page: WebRoute = route('/', (request) => {
    const host = hostOf(request.headers['host'] ?? '');
    const port = httpsPort() === 443 ? '' : `:${httpsPort()}`;
    const body = connectPage({
      target: `https://${host}${port}/`,
      host,
      acceptLanguage: request.headers['accept-language'] ?? '',
      userAgent: request.headers['user-agent'] ?? '',
      language: request.query['lang'],
    });
    return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
  });
  const answers = Object.entries(probes).map(([path, { status, type, body }]) =>
    route(path, () => ({ status, headers: { 'content-type': type }, body })),
  );
  return [page, ...answers];
}

function route(path: string, answer: (request: WebRequest) => WebReply): WebRoute {
  return {
    method: 'GET',
    path,
    maxBodyBytes: 0,
    admit: () => undefined,
    handle: async (request) => answer(request),
  };
}

/** The name or address by which the browser found us; `parley.local` for anything odd. */
function hostOf(header: string): string {
  const host = header.replace(/:\d{1,5}$/, '');
  const isAddress = isIP(host.replace(/^\[|\]$/g, '')) !== 0;
  return isAddress || /^[a-z0-9][a-z0-9.-]{0,252}$/i.test(host) ? host : 'parley.local';
}
