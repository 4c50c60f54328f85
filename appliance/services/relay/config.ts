import { z } from 'zod';

const port = z.int().min(1024).max(65_535);

/** The relay's section of the config file. */
export const relayConfig = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether the relay for calls runs.'),
    engine: z
      .enum(['node-turn', 'coturn'])
      .default('node-turn')
      .describe('Which program relays: the one that is built in, or coturn if it is installed.'),
    coturnProgram: z
      .string()
      .min(1)
      .default('turnserver')
      .describe('Name or path of the coturn server; used only with that engine.'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(3478)
      .describe('UDP and TCP port of STUN and TURN; 0 takes any free one.'),
    relayMinPort: port.default(49_152).describe('First UDP port that relayed media may use.'),
    relayMaxPort: port.default(49_999).describe('Last UDP port that relayed media may use.'),
    allocationsPerDeviceCount: z
      .int()
      .min(1)
      .max(100)
      .default(10)
      .describe('Relayed connections of one device at a time; stops one from taking all ports.'),
    allocationSeconds: z
      .int()
      .min(1)
      .max(3600)
      .default(600)
      .describe('How long a relayed connection lives unless it is refreshed (RFC 8656 §3.2).'),
    maxAllocationSeconds: z
      .int()
      .min(1)
      .max(3600)
      .default(3600)
      .describe('Longest time one refresh may ask for; stops ports from being held for ever.'),
    allocationBytesPerSecond: z
      .int()
      .min(10_000)
      .max(1_000_000_000)
      .default(2_500_000)
      .describe('What one relayed connection may carry; stops one call from taking the network.'),
    tcpConnectionsCount: z
      .int()
      .min(1)
      .max(65_536)
      .default(512)
      .describe('TCP connections at one time; stops exhaustion of file descriptors.'),
    tcpConnectionsPerAddressCount: z
      .int()
      .min(1)
      .max(65_536)
      .default(32)
      .describe('TCP connections of one address; stops a neighbour from taking all of them.'),
    tcpUnknownMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(15_000)
      .describe('Time a TCP connection may stay without an allocation; stops idle ones.'),
    maxCredentialSeconds: z
      .int()
      .min(60)
      .max(86_400)
      .default(43_200)
      .describe('Longest life of credentials; bounds what a device can do after it was banned.'),
  })
  .refine((section) => section.relayMinPort <= section.relayMaxPort, {
    path: ['relayMaxPort'],
    message: 'must not be below relayMinPort',
  })
  .describe('STUN and TURN relay for calls that find no direct way.');

/** The relay's settings with every default filled in. */
export type RelayConfig = z.infer<typeof relayConfig>;
