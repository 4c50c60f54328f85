import { systemClock } from '../../appliance/kernel/clock.ts';
import { relayConfig } from '../../appliance/services/relay/config.ts';
import { NodeTurnRelay } from '../../appliance/services/relay/node-turn-relay.ts';
import { CoturnRelay } from '../../appliance/services/relay/coturn-relay.ts';
import { RelayService } from '../../appliance/services/relay/relay-service.ts';
import type { TurnProvider } from '../../appliance/services/relay/turn-provider.ts';
import { TurnClient } from './turn-client.ts';

/** A real relay in its own process. */
export interface RelayBox {
  relay: RelayService;
  provider: TurnProvider;
  server: { address: string; port: number };
  /** A client with valid credentials of that device. */
  client(device?: string): TurnClient;
  close(): Promise<void>;
}

/** The port that a relay's URLs name. */
export function portOf(relay: RelayService): number {
  return Number(/:(\d+)$/.exec(relay.credentials('x', 60).urls[0] ?? '')?.[1]);
}

/** Opens a relay on one address; `settings` override the defaults. */
export async function openRelayBox(
  address: string,
  settings: object = {},
  addresses = () => [address],
): Promise<RelayBox> {
  const config = relayConfig.parse({ port: 0, ...settings });
  const Engine = config.engine === 'coturn' ? CoturnRelay : NodeTurnRelay;
  const provider = new Engine({ addresses, openPorts: [], clock: systemClock }, config);
  const relay = new RelayService(provider, 600);
  await relay.start(new AbortController().signal);
  const server = { address, port: portOf(relay) };
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
