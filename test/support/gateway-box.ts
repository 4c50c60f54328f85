import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Address } from '#kernel/addresses.ts';
import { openBoxIdentity, type BoxIdentity } from '#kernel/box-identity.ts';
import { silentLogger } from '#kernel/log.ts';
import { nodeEngine } from '#kernel/node-engine.ts';
import type { Route } from '#kernel/route.ts';
import type { BoxHealth, Health } from '#kernel/service.ts';
import { gatewayConfig } from '../../appliance/services/gateway/config.ts';
import {
  createGateway,
  createSessions,
  type GatewayService,
  type MissionDevice,
  type Sessions,
} from '../../appliance/services/gateway/index.ts';
import { FakeClock } from './fake-clock.ts';

/** An answer as a test looks at it. */
export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  json(): Record<string, unknown>;
}

/** A gateway on loopback with one service behind it, and all knobs in a test's hand. */
export interface GatewayBox {
  gateway: GatewayService;
  identity: BoxIdentity;
  sessions: Sessions;
  clock: FakeClock;
  devices: Map<string, MissionDevice>;
  /** Devices of parties that are out. */
  former: Map<string, MissionDevice>;
  health: BoxHealth;
  /** Health of the service whose routes are mounted. */
  mounted: Health;
  /** MQTT connections that arrived. */
  streams: { stream: Duplex; address: string }[];
  addresses: { present: { ip: string; family: 4; onInterface: string }[]; change(): void };
  ask(
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; body?: Uint8Array | string },
  ): Promise<Reply>;
  close(): Promise<void>;
}

export const cid = `${'m'.repeat(51)}a`;

/** Starts it with these config keys and routes; an app bundle of three files is served. */
export async function gatewayBox(
  config: object = {},
  routes: readonly Route[] = [],
  listen: 'lan' | 'loopback' = 'loopback',
): Promise<GatewayBox> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-gateway-'));
  const bundleDirectory = join(directory, 'app');
  await mkdir(join(bundleDirectory, 'assets'), { recursive: true });
  await writeFile(join(bundleDirectory, 'index.html'), '<!doctype html><title>Parley</title>');
  await writeFile(join(bundleDirectory, '.secret'), 'hidden');
  await writeFile(join(bundleDirectory, 'assets', 'main-Abc123_x.js'), 'export {};');
  await writeFile(join(directory, 'outside.txt'), 'outside');
  const clock = new FakeClock();
  const listeners = new Set<(now: readonly Address[]) => void>();
  const addresses = {
    present: [{ ip: '10.42.0.1', family: 4 as const, onInterface: 'wlan0' }],
    current: () => addresses.present,
    onChange: (listener: (now: readonly Address[]) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change: () => listeners.forEach((listener) => listener(addresses.present)),
  };
  const identity = await openBoxIdentity(join(directory, 'box'), 'parley.local', addresses, clock);
  const devices = new Map<string, MissionDevice>();
  const former = new Map<string, MissionDevice>();
  const mission = {
    cid: () => cid,
    isFounding: () => false,
    device: (dfp: string) => devices.get(dfp),
    former: (dfp: string) => former.get(dfp) ?? devices.get(dfp),
  };
  const settings = gatewayConfig.parse({ httpsPort: 0, httpPort: 0, ...config });
  const sessions = createSessions({ identity, mission, engine: nodeEngine, clock }, settings);
  const streams: GatewayBox['streams'] = [];
  const box: GatewayBox = {
    identity,
    sessions,
    clock,
    devices,
    former,
    streams,
    addresses,
    health: { status: 'ok', services: {} },
    mounted: { status: 'ok', says: 'Well.' },
    gateway: createGateway(
      {
        identity,
        addresses,
        people: { mission, sessions },
        health: () => box.health,
        mounts: [{ service: { name: 'sample', health: () => box.mounted }, routes }],
        mqtt: { handle: (stream, { address }) => void streams.push({ stream, address }) },
        listen,
        bundleDirectory,
        clock,
        log: silentLogger,
      },
      settings,
    ),
    ask: (method, path, options = {}) => ask(box.gateway.ports.https, method, path, options),
    close: async () => {
      await box.gateway.stop();
      await rm(directory, { recursive: true });
    },
  };
  try {
    await box.gateway.start(new AbortController().signal);
  } catch (error) {
    await box.close();
    throw error;
  }
  return box;
}

function ask(
  port: number,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: Uint8Array | string },
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, method, path, headers, rejectUnauthorized: false, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const whole = Buffer.concat(chunks);
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: whole,
            json: () => JSON.parse(whole.toString()) as Record<string, unknown>,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
