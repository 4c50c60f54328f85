import { z } from 'zod';
import { mostSwarms } from '#protocol/export/manifest.ts';
import { largestBundle } from '#protocol/export/read-record.ts';

/** The swarm service's section of the config file. */
export const swarmConfig = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether the box stores swarms.'),
    storeBytes: z
      .int()
      .min(1_048_576)
      .default(2_147_483_648)
      .describe('Room for all swarms; each party gets an equal share (L9).'),
    swarmBytes: z
      .int()
      .min(1_048_576)
      .max(largestBundle / 2)
      .default(536_870_912)
      .describe('Room for one swarm; each party gets an equal share. Devices check it in memory.'),
    commitsPerMinuteCount: z
      .int()
      .min(1)
      .max(100_000)
      .default(60)
      .describe('Commits of one device in one swarm in the long run (L5): stops floods.'),
    commitBurstCount: z
      .int()
      .min(1)
      .max(100_000)
      .default(200)
      .describe('Commits of one device in one swarm after a quiet time (L5).'),
    controlPerHourCount: z
      .int()
      .min(1)
      .max(100_000)
      .default(30)
      .describe('Control commits of one device in one swarm in the long run (L5).'),
    controlBurstCount: z
      .int()
      .min(1)
      .max(100_000)
      .default(200)
      .describe('Control commits at once: a lead brings in a whole party in one evening.'),
    epochsPerHourCount: z
      .int()
      .min(1)
      .max(10_000)
      .default(6)
      .describe('New group keys of one device in one swarm in the long run (L5, K8).'),
    epochBurstCount: z
      .int()
      .min(1)
      .max(10_000)
      .default(24)
      .describe('New group keys at once: several people are removed in one evening.'),
    maxRoomsCount: z
      .int()
      .min(1)
      .max(mostSwarms - 1)
      .default(mostSwarms - 1)
      .describe('Conversations; each party begins an equal share. A record holds no more.'),
    foundingIdleHours: z
      .int()
      .min(1)
      .max(720)
      .default(24)
      .describe('A founding that nobody has touched for so long may be replaced.'),
    pollMs: z
      .int()
      .min(10)
      .max(120_000)
      .default(25_000)
      .describe('How long an open question waits for news before it is answered with none.'),
    maxPollsCount: z
      .int()
      .min(8)
      .max(65_536)
      .default(512)
      .describe('Open questions at one time: stops a stranger from holding all memory.'),
  })
  .describe('The store of the mission and its conversations, all sealed by the devices.')
  .prefault({});

/** Effective settings of the swarm service. */
export type SwarmConfig = z.infer<typeof swarmConfig>;
