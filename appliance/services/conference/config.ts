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
    roomsCount: z
      .int()
      .min(1)
      .max(10_000)
      .default(64)
      .describe('Conferences at one time; stops members from filling the memory of the workers.'),
    devicesPerRoomCount: z
      .int()
      .min(2)
      .max(1_000)
      .default(32)
      .describe('Devices in one conference; each is sent the streams of all others.'),
    roomsPerDeviceCount: z
      .int()
      .min(1)
      .max(100)
      .default(2)
      .describe('Conferences that one device is in; stops it from taking the rooms of all.'),
    streamsPerDeviceCount: z
      .int()
      .min(1)
      .max(16)
      .default(4)
      .describe('Streams that one device sends into a conference: sound, picture, screen.'),
    bitsPerSecondPerDevice: z
      .int()
      .min(100_000)
      .max(1_000_000_000)
      .default(6_000_000)
      .describe('What a browser is asked to send at most; stops one from taking the network.'),
    lostAfterMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(30_000)
      .describe(
        'A device that is neither heard by the worker nor asks anything for so long is out.',
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
