import { z } from 'zod';

/** The teardown service's section of the config file. */
export const teardownConfig = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether a mission can end on this box.'),
    farewellSeconds: z
      .int()
      .min(0)
      .max(86_400)
      .default(120)
      .describe('How long the certificate of erasure is shown before the box gets new keys.'),
    downloadsPerDeviceCount: z
      .int()
      .min(1)
      .max(1_000)
      .default(4)
      .describe('Downloads of the record by one device at a time; stops it from holding the disk.'),
  })
  .describe('The end of a mission: one record for all, receipts, wipe, certificate.');

/** The teardown service's settings with every default filled in. */
export type TeardownConfig = z.infer<typeof teardownConfig>;
