import { z } from 'zod';

/** The broker's section of the config file. */
export const brokerConfig = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether the broker runs.'),
    tlsEnabled: z
      .boolean()
      .default(true)
      .describe('Whether MQTT over TLS has a port of its own; browsers come through the web port.'),
    tlsPort: z
      .int()
      .min(0)
      .max(65535)
      .default(8883)
      .describe('Port of MQTT over TLS; 0 takes any free one.'),
    maxPacketBytes: z
      .int()
      .min(4096)
      .max(1_048_576)
      .default(65_536)
      .describe('Largest MQTT packet; stops a device from filling memory with one long packet.'),
    maxConnectionsCount: z
      .int()
      .min(8)
      .max(65_536)
      .default(1024)
      .describe('Connections at one time; stops exhaustion of file descriptors.'),
    maxPendingPerAddressCount: z
      .int()
      .min(1)
      .max(1024)
      .default(64)
      .describe(
        'Connections of one address that have not logged in yet; stops a stranger from holding all of them.',
      ),
    connectTimeoutMs: z
      .int()
      .min(500)
      .max(60_000)
      .default(10_000)
      .describe('Time to log in; stops connections that are opened and never used.'),
    maxKeepaliveSeconds: z
      .int()
      .min(5)
      .max(3600)
      .default(300)
      .describe('Longest keep-alive a client may ask for; stops dead connections from staying.'),
    packetsPerSecondCount: z
      .int()
      .min(1)
      .max(10_000)
      .default(100)
      .describe(
        'Packets of one device a second; a faster one is read more slowly, others notice nothing.',
      ),
    packetBurstCount: z
      .int()
      .min(1)
      .max(100_000)
      .default(500)
      .describe('Packets a device may send at once after a quiet time.'),
    maxUnsentBytes: z
      .int()
      .min(65_536)
      .max(67_108_864)
      .default(1_048_576)
      .describe(
        'Bytes waiting for one slow reader before it is cut; stops it from delaying the others.',
      ),
    mailboxBytes: z
      .int()
      .min(0)
      .max(67_108_864)
      .default(1_048_576)
      .describe(
        'Bytes kept in memory for one device that is away; stops a mailbox from filling memory.',
      ),
    mailboxSenderBytes: z
      .int()
      .min(0)
      .max(67_108_864)
      .default(131_072)
      .describe(
        'Share of a mailbox that one sender may fill; stops one from crowding out the others.',
      ),
  })
  .describe('MQTT broker: announcements, signals and mailboxes, all sealed by the devices.');

/** The broker's settings with every default filled in. */
export type BrokerConfig = z.infer<typeof brokerConfig>;
