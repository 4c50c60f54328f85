import { z } from 'zod';

/** The section of the config file for capacity. */
export const capacityConfig = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether memory, load and storage are watched.'),
    sampleEverySeconds: z.int().min(1).max(3_600).default(10).describe('Pause between two looks.'),
    leastStoragePercent: z
      .int()
      .min(0)
      .max(90)
      .default(10)
      .describe('Health says so when less of the storage is free.'),
    leastMemoryBytes: z
      .int()
      .min(0)
      .default(67_108_864)
      .describe('Health says so when less memory is available.'),
  })
  .describe('What this machine has left: memory, processor, storage.');

/** Capacity's settings with every default filled in. */
export type CapacityConfig = z.infer<typeof capacityConfig>;
