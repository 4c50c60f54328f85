import { z } from 'zod';

/** The section of the config file for discovery. */
export const discoveryConfig = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether the box announces itself in the network.'),
    hostName: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.local$/)
      .default('parley.local')
      .describe('Name that neighbours can type instead of the address; ends in .local.'),
  })
  .describe('Announcement by multicast DNS (RFC 6762, RFC 6763).');

/** Discovery's settings with every default filled in. */
export type DiscoveryConfig = z.infer<typeof discoveryConfig>;
