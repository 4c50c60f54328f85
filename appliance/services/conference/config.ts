import { availableParallelism } from 'node:os';
import { z } from 'zod';

/** The conference service's section of the config file. */
export const conferenceConfig = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether conferences of more than two run here.'),
    workersCount: z
      .int()
      .min(0)
      .max(64)
      .default(0)
      .describe('Media workers; 0 means one for each core. More do not help.'),
    rtcPort: z
      .int()
      .min(0)
      .max(65_000)
      .default(44_440)
      .describe('Port of the first worker, UDP and TCP; the others follow. 0 takes free ones.'),
    announcedAddress: z
      .union([z.ipv4(), z.literal('')])
      .default('')
      .describe(
        'Address told to browsers if the box is behind a translating router; empty: its own.',
      ),
  })
  .describe('Conferences: forwards encrypted frames between participants.');

/** The conference service's settings with every default filled in. */
export type ConferenceConfig = z.infer<typeof conferenceConfig>;

/** Ports that the media workers use; the relay lets media through to them. */
export function sfuPorts(config: ConferenceConfig): { from: number; to: number } {
  const count = config.workersCount || availableParallelism();
  return { from: config.rtcPort, to: config.rtcPort + count - 1 };
}
