import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import mqtt from 'mqtt';
import { createWebSocketStream, WebSocketServer } from 'ws';
import {
  brokerConfig,
  createBroker,
  topicRights,
  type BrokerService,
} from '../../appliance/services/broker/index.ts';
import { silentLogger } from '../../appliance/kernel/log.ts';
import { systemClock } from '../../appliance/kernel/clock.ts';
import { selfSigned } from './tls-material.ts';

/** A fingerprint that reads like a name: `fp('red')` → `redaaaa…`. */
export const fp = (name: string): string => name.padEnd(52, 'a');
/** A topic name likewise. */
export const tp = (name: string): string => name.padEnd(26, 'a');

export const red = fp('red');
export const redPhone = fp('redphone');
export const blue = fp('blue');
export const mallory = fp('mallory');
export const redMember = fp('membred');
export const blueMember = fp('membblue');
export const room = tp('room');
export const secretRoom = tp('secret');

/** Who is in the pretended mission; tests take people out of it. */
export class TestMission {
  readonly members = new Map([
    [red, redMember],
    [redPhone, redMember],
    [blue, blueMember],
  ]);
  readonly rooms = new Map([
    [room, new Set([red, redPhone, blue])],
    [secretRoom, new Set([red])],
  ]);

  member(device: string): { member: string } | undefined {
    const member = this.members.get(device);
    return member === undefined ? undefined : { member };
  }

  maySeeTopic(device: string, name: string): boolean {
    return this.rooms.get(name)?.has(device) ?? false;
  }
}

/** A real broker with its TLS port, and a tiny web door for MQTT over WebSocket. */
export interface BrokerBox {
  broker: BrokerService;
  mission: TestMission;
  cert: string;
  webPort: number;
  /** A logged-in mqtt.js client over WebSocket, closed with the box. */
  connect(device: string, options?: mqtt.IClientOptions): Promise<mqtt.MqttClient>;
  close(): Promise<void>;
}

/** What proves a login in these tests: session `session`, password `proof-` and the first letters. */
export const proofOf = (device: string): string => `proof-${device.slice(0, 8)}`;

/** Opens a box; `settings` override the broker's defaults. */
export async function openBrokerBox(settings: object = {}): Promise<BrokerBox> {
  const mission = new TestMission();
  const material = selfSigned();
  const logins = {
    verify: (device: string, session: string, password: Uint8Array) =>
      session === 'session' &&
      Buffer.from(password).toString() === proofOf(device) &&
      mission.member(device)
        ? { device }
        : undefined,
  };
  const broker = createBroker(
    {
      logins,
      topics: topicRights(mission),
      host: '127.0.0.1',
      tls: () => material,
      clock: systemClock,
      log: silentLogger,
    },
    brokerConfig.parse({ tlsPort: 0, ...settings }),
  );
  await broker.start(new AbortController().signal);

  const web = createServer();
  const sockets = new WebSocketServer({
    server: web,
    maxPayload: 70_000,
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
  });
  sockets.on('connection', (socket, request) => {
    const stream = createWebSocketStream(socket);
    broker.handle(stream, { address: request.socket.remoteAddress ?? '' });
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const webPort = (web.address() as AddressInfo).port;

  const clients: mqtt.MqttClient[] = [];
  return {
    broker,
    mission,
    cert: material.cert,
    webPort,
    connect: async (device, options) => {
      const client = await mqtt.connectAsync(`ws://127.0.0.1:${webPort}/mqtt`, {
        ...loginOf(device),
        ...options,
      });
      client.on('error', () => {});
      clients.push(client);
      return client;
    },
    close: async () => {
      for (const client of clients) client.end(true);
      for (const socket of sockets.clients) socket.terminate();
      await broker.stop();
      await new Promise((resolve) => web.close(resolve));
    },
  };
}

/** mqtt.js options of a valid login. */
export function loginOf(device: string): mqtt.IClientOptions {
  return {
    clientId: device,
    username: 'session',
    password: proofOf(device),
    protocolVersion: 4,
    reconnectPeriod: 0,
    connectTimeout: 5000,
  };
}

/** Collects what a client is given. */
export function inboxOf(
  client: mqtt.MqttClient,
): { topic: string; text: string; retain: boolean }[] {
  const inbox: { topic: string; text: string; retain: boolean }[] = [];
  client.on('message', (topic, payload, { retain }) => {
    inbox.push({ topic, text: payload.toString(), retain });
  });
  return inbox;
}
