import { z } from 'zod';
import { mostFiles } from '#protocol/export/manifest.ts';

/** The files service's section of the config file. */
export const filesConfig = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether files can be left on the box.'),
    storeBytes: z
      .int()
      .min(1_048_576)
      .default(8_589_934_592)
      .describe('Room for all files; each party gets an equal share.'),
    maxFileBytes: z
      .int()
      .min(65_536)
      .default(2_147_483_648)
      .describe('Largest file, encrypted; stops one from taking a whole share.'),
    maxFilesCount: z
      .int()
      .min(1)
      .max(mostFiles)
      .default(mostFiles)
      .describe('Files on the box; each party gets an equal share. A record holds no more.'),
    keepFreeBytes: z
      .int()
      .min(0)
      .default(268_435_456)
      .describe(
        'Free room that files leave, beside as much again for the record that copies them.',
      ),
    uploadsPerDeviceCount: z
      .int()
      .min(1)
      .max(1_000)
      .default(16)
      .describe('Files of one device that are on their way; stops a swamp of beginnings.'),
    downloadsPerDeviceCount: z
      .int()
      .min(1)
      .max(1_000)
      .default(16)
      .describe('Downloads of one device at a time; stops it from holding all file descriptors.'),
    idleHours: z
      .int()
      .min(1)
      .max(8_760)
      .default(168)
      .describe('An unfinished file that nobody has added to for so long is removed.'),
  })
  .describe('Files that people share, encrypted by their devices.');

/** The files service's settings with every default filled in. */
export type FilesConfig = z.infer<typeof filesConfig>;
