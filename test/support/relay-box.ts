import { systemClock } from '../../appliance/kernel/clock.ts';
import { relayConfig } from '../../appliance/services/relay/config.ts';
import { NodeTurnRelay } from '../../appliance/services/relay/node-turn-relay.ts';
import { RelayService } from '../../appliance/services/relay/relay-service.ts';
import { TurnClient } from './turn-client.ts';

/** A real relay in its own process. */
export interface RelayBox {
  relay: RelayService;
  provider: NodeTurnRelay;
  server: { address: string; port: number };
  /** A client with valid credentials of that device. */
  client(device?: string): TurnClient;
  close(): Promise<void>;
}

/** Opens a relay on one address; `settings` override the defaults. */
export async function openRelayBox(
  address: string,
  settings: object = {},
  addresses = () => [address],
): Promise<RelayBox> {
  const provider = new NodeTurnRelay(
    { addresses, openPorts: [], clock: systemClock },
    relayConfig.parse({ port: 0, ...settings }),
  );
  const relay = new RelayService(provider);
  await relay.start(new AbortController().signal);
  const [, port] = /:(\d+)$/.exec(relay.credentials('x', 60).urls[0] ?? '') ?? [];
  const server = { address, port: Number(port) };
  const clients: TurnClient[] = [];
  return {
    relay,
    provider,
    server,
    client: (device = 'device') => {
      const client = new TurnClient(server, relay.credentials(device, 600));
      clients.push(client);
      return client;
    },
    close: async () => {
      for (const client of clients) client.close();
      await relay.stop();
    },
  };
}
