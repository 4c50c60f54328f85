// The rival of the start benchmark: fastify and @fastify/static, as their README shows them, over
// HTTPS, and nothing else. Arguments: port, folder of static files.
import fastifyStatic from '@fastify/static';
import { fastify } from 'fastify';
import { selfSigned } from '../tls-material.ts';

const [port, root] = process.argv.slice(2);
if (port === undefined || root === undefined) throw new Error('usage: bare-fastify.ts PORT FOLDER');

const server = fastify({ https: selfSigned() });
await server.register(fastifyStatic, { root });
server.get('/healthz', () => ({ status: 'ok' }));
await server.listen({ host: '127.0.0.1', port: Number(port) });
process.once('SIGTERM', () => void server.close());
