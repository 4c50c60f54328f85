import { z } from 'zod';

const port = z.int().min(1024).max(65_535);

/** The relay's section of the config file. */
export const relayConfig = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether the relay for calls runs.'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(3478)
      .describe('UDP port of STUN and TURN; 0 takes any free one.'),
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
