import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Caller, Route } from '#kernel/route.ts';
import { Doors } from '../../doors.ts';
import { SwarmBox } from '../../swarm-box.ts';
import { askerHeader } from './plain-network.ts';

// A box's swarm service on a directory, behind plain HTTP: `node box-process.ts STORE PAGES`. Who
// asks says so in a header, and nobody is slowed down. Says its port on a line of its own.

const [directory = '', pages = ''] = process.argv.slice(2);
const most = 100_000;
const box = new SwarmBox(directory, {
  commitsPerMinuteCount: most,
  commitBurstCount: most,
  controlPerHourCount: most,
  controlBurstCount: most,
});
await box.start();
const doors = new Doors(box.service.routes);

const server = createServer((request, response) => {
  const asker = request.headers[askerHeader];
  if (typeof asker !== 'string') {
    const path = join(pages, request.url === '/' ? 'index.html' : (request.url ?? ''));
    const type = extname(path) === '.html' ? 'text/html' : 'text/javascript';
    const file = createReadStream(path).on('error', () => void response.writeHead(404).end());
    file.pipe(response.setHeader('content-type', type));
    return;
  }
  void answer(request, JSON.parse(asker) as Caller).then(({ status, headers, body }) => {
    response.writeHead(status, headers).end(body);
  });
});

async function answer(request: IncomingMessage, caller: Caller) {
  const body = new Uint8Array(Buffer.concat(await request.toArray()));
  const method = request.method as Route['method'];
  const said = await doors.ask(method, request.url ?? '/', { caller, body });
  if (!said.isFine) {
    return { status: 409, headers: {}, body: JSON.stringify({ code: said.code }) };
  }
  const isJson = said.json !== undefined;
  return {
    status: 200,
    headers: said.headers,
    body: isJson ? JSON.stringify(said.json) : said.bytes,
  };
}

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
process.on('SIGTERM', () => {
  server.closeAllConnections();
  server.close();
  void box.service.stop();
});
