import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { createServer } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createWebSocketStream } from 'ws';
import { Connections, plainAddress } from './connections.ts';
import { cacheControl } from './headers.ts';
import { withoutFloods } from './pipelining.ts';
import type {
  ServerRefusal,
  WebFiles,
  WebHead,
  WebReply,
  WebRoute,
  WebServer,
  WebServerSetup,
  WebSocketDoor,
} from './web-server.ts';

/** How long running requests may take to finish when the server closes. */
const graceMs = 1_000;
/** How long a connection may stay between two requests; a page that asks again need not greet again. */
const keepAliveMs = 72_000;
/** Bodies that a route may be sent; none at all, when a browser names none. */
const types = /^(application\/(json|octet-stream)\b.*)?$/i;

/** A server made of fastify, @fastify/static and @fastify/websocket; listens later. */
export async function createFastifyServer(setup: WebServerSetup): Promise<WebServer> {
  const closing = new AbortController();
  const app = makeApp(setup);
  const connections = new Connections(app.server, setup.limits);

  app.removeAllContentTypeParsers();
  // All bodies are bytes here; which types are welcome is checked before they are read.
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (_request, reply) => void reply.headers(setup.headers));
  app.setNotFoundHandler((_request, reply) => send(reply, setup.refuse('not-found')));
  app.setErrorHandler((error, _request, reply) => {
    const why = reasonOf(error);
    return send(reply, setup.refuse(why, why === 'broken' ? error : undefined));
  });
  if (setup.socket) await addSocket(app, setup.socket, setup);
  for (const route of setup.routes) addRoute(app, route, setup, closing.signal);
  if (setup.files) await addFiles(app, setup.files);

  return {
    listen: async (host, port) => {
      await app.listen({ host, port });
      const bound = app.server.address();
      return typeof bound === 'object' && bound !== null ? bound.port : port;
    },
    useCertificate: (tls) => (app.server as TlsServer).setSecureContext?.(tls),
    close: async () => {
      closing.abort();
      const cut = setTimeout(() => connections.cut(), graceMs);
      await app.close();
      clearTimeout(cut);
      connections.cut();
    },
  };
}

function makeApp(setup: WebServerSetup): FastifyInstance {
  const { limits, tls } = setup;
  const server = {
    maxHeaderSize: limits.maxHeadersBytes,
    headersTimeout: limits.headersWithinMs,
    requestTimeout: limits.requestWithinMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.min(limits.headersWithinMs, 2_000),
  };
  const options = {
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle' as const,
    return503OnClosing: false,
    // Long enough for the 128 hex digits of a file's hash.
    routerOptions: { maxParamLength: 160, caseSensitive: true },
    frameworkErrors: (_error: Error, _request: FastifyRequest, reply: FastifyReply): void => {
      void send(reply.headers(setup.headers), setup.refuse('malformed'));
    },
    clientErrorHandler: (error: Error & { code?: string }, socket: Socket): void => {
      if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
      const status =
        error.code === 'HPE_HEADER_OVERFLOW'
          ? '431 Request Header Fields Too Large'
          : '400 Bad Request';
      const timedOut = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
      const { headers, body: said } = setup.refuse('malformed');
      const body = typeof said === 'string' ? said : '';
      const lines = Object.entries({
        ...{ connection: 'close', 'content-length': Buffer.byteLength(body) },
        ...{ ...setup.headers, ...headers },
      }).map(([name, value]) => `${name}: ${value}\r\n`);
      const first = `HTTP/1.1 ${timedOut ? '408 Request Timeout' : status}\r\n`;
      socket.end(`${first}${lines.join('')}\r\n${body}`);
    },
  };
  const https = {
    ...server,
    ...tls,
    handshakeTimeout: limits.headersWithinMs,
    minVersion: 'TLSv1.2' as const,
  };
  return fastify({
    ...options,
    serverFactory: (handler) =>
      tls
        ? createTlsServer(https, withoutFloods(handler))
        : createServer(server, withoutFloods(handler)),
  });
}

function addRoute(
  app: FastifyInstance,
  route: WebRoute,
  setup: WebServerSetup,
  closing: AbortSignal,
): void {
  app.route({
    method: route.method,
    url: route.path,
    // Bodies of 0 bytes are still read by the framework.
    bodyLimit: Math.max(route.maxBodyBytes, 1),
    onRequest: async (request, reply) => {
      const isWelcome = types.test(request.headers['content-type'] ?? '');
      const refused = isWelcome ? route.admit(headOf(request)) : setup.refuse('type');
      if (!refused) return;
      // The body stays unread, so nothing more can come over this connection.
      if (request.method !== 'GET' && request.method !== 'HEAD')
        reply.header('connection', 'close');
      return send(reply, refused);
    },
    handler: async (request, reply) => {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
      const signal = AbortSignal.any([gone.signal, closing]);
      const answer = await route.handle({ ...headOf(request), body, signal });
      // The library does not look at a stream again when nobody is there to read it.
      if (answer.body instanceof Readable) cutWhenGone(answer.body, gone.signal);
      return send(reply, answer);
    },
  });
}

function cutWhenGone(stream: Readable, gone: AbortSignal): void {
  if (gone.aborted) stream.destroy();
  else gone.addEventListener('abort', () => stream.destroy(), { once: true });
}

async function addSocket(
  app: FastifyInstance,
  door: WebSocketDoor,
  setup: WebServerSetup,
): Promise<void> {
  await app.register(fastifyWebsocket, {
    // `close` cuts the connections; waiting for each browser's goodbye would take too long.
    preClose: (done) => {
      for (const client of app.websocketServer.clients) client.terminate();
      done();
    },
    options: {
      maxPayload: door.maxMessageBytes,
      handleProtocols: (offered) => (offered.has(door.protocol) ? door.protocol : false),
    },
  });
  // The library would greet on every path, and only then hang up.
  app.addHook('onRequest', async (request, reply) => {
    if (request.ws && request.routeOptions.url !== door.path)
      return send(reply, setup.refuse('malformed'));
  });
  app.get(
    door.path,
    {
      websocket: true,
      preValidation: async (request, reply) => {
        const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',');
        if (offered.some((name) => name.trim() === door.protocol)) return;
        return send(reply, setup.refuse('malformed'));
      },
    },
    (socket, request) => {
      const stream = createWebSocketStream(socket);
      // A message over the limit or a broken frame ends this connection, nothing else.
      stream.on('error', () => stream.destroy());
      // The library would leave the writing half open when the other side is gone.
      stream.once('end', () => stream.destroy());
      door.open(stream, { address: plainAddress(request.raw.socket.remoteAddress) });
    },
  );
}

async function addFiles(app: FastifyInstance, files: WebFiles): Promise<void> {
  await app.register(fastifyStatic, {
    root: files.root,
    cacheControl: false,
    dotfiles: 'ignore',
    preCompressed: true,
    setHeaders: (reply, path) => void reply.header('cache-control', cacheControl(path)),
  });
  for (const path of files.appPaths) {
    app.get(path, (_request, reply) => reply.sendFile('index.html'));
  }
}

function headOf(request: FastifyRequest): WebHead {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string') headers[name] = value;
  }
  return {
    method: request.method,
    target: request.raw.url ?? '',
    params: { ...(request.params as Record<string, string>) },
    query: Object.fromEntries(new URL(request.raw.url ?? '', 'http://box').searchParams),
    headers,
    address: plainAddress(request.raw.socket.remoteAddress),
  };
}

function reasonOf(error: unknown): ServerRefusal {
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status === 413) return 'too-large';
  if (status === 415) return 'type';
  return status >= 400 && status < 500 ? 'malformed' : 'broken';
}

function send(reply: FastifyReply, answer: WebReply): FastifyReply {
  const body = answer.body instanceof Uint8Array ? Buffer.from(answer.body) : answer.body;
  return reply.code(answer.status).headers(answer.headers).send(body);
}
