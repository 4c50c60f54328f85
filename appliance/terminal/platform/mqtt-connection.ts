import { connect } from 'mqtt';
import type { MqttConnection, MqttEvents, MqttLogin } from '#client/ports.ts';

/** Long enough for a weak network, short enough that asking takes over in time. */
const connectTimeoutMs = 8000;
/** A dead network is noticed after one and a half of these. */
const keepAliveSeconds = 20;

/**
 * Opens one MQTT 3.1.1 connection over WebSocket, and never another by itself: each needs a fresh
 * proof as password (A4). The certificate proves nothing here either; the proof does.
 */
export function connectMqtt(
  { url, ...from }: { url: string; localAddress?: string },
  login: MqttLogin,
  events: MqttEvents,
  signal: AbortSignal,
): Promise<MqttConnection> {
  const client = connect(url, {
    protocolVersion: 4,
    clientId: login.clientId,
    username: login.userName,
    password: login.password,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: connectTimeoutMs,
    keepalive: keepAliveSeconds,
    resubscribe: false,
    rejectUnauthorized: false,
    wsOptions: from,
  });
  const abort = (): void => void client.end(true);
  signal.addEventListener('abort', abort, { once: true });
  return new Promise((resolve, reject) => {
    let isOpen = false;
    client.on('message', (topic, payload) => {
      events.onMessage(topic, new Uint8Array(payload));
    });
    client.on('error', (error) => {
      // After the connection stood, `close` follows and says enough.
      if (!isOpen) reject(error);
      client.end(true);
    });
    client.on('close', () => {
      signal.removeEventListener('abort', abort);
      if (isOpen) events.onClose();
      else reject(new Error('no MQTT connection to the box'));
      isOpen = false;
      client.end(true);
    });
    client.on('connect', () => {
      isOpen = true;
      resolve({
        subscribe: async (filters) => void (await client.subscribeAsync([...filters], { qos: 1 })),
        publish: async (topic, payload) =>
          void (await client.publishAsync(topic, Buffer.from(payload), { qos: 0 })),
        close: () => client.endAsync(true),
      });
    });
  });
}
