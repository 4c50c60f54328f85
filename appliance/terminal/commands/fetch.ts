import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from '../command.ts';
import type { Device } from '../device.ts';
import { messageOf } from '../finding.ts';
import { exitCodes, Stop } from '../stop.ts';

/** Fetches a file. */
export const fetchFile: Command = {
  name: 'fetch',
  usage: 'FILE [--output PATH]',
  summary: 'fetch a file that somebody sent',
  help: `
FILE is the id of its message (see follow) or the beginning of it. What comes is checked twice, as it
was sent and as it was written; a file that does not fit is destroyed. Goes on where it stopped.

  --output PATH   where to write it (default: the name it was sent with, in this folder);
                  an existing file is not written over

  npm run client -- fetch 3bT9wq --output map.pdf`,
  options: { output: { type: 'string' } },
  words: [1, 1],

  async run(call) {
    const device = await call.inMission();
    await device.catchesUp(call.waitMs);
    const { cid, message } = messageOf(device, call.words[0] ?? '');
    const { file, sid } = message;
    if (!file) throw new Stop('This message offers no file.');
    const stateNow = (): string | undefined =>
      device.client.messages(cid).find((one) => one.sid === sid)?.file?.state;
    if (stateNow() === 'offered' || stateNow() === 'paused') await device.client.fetchFile(sid);
    const end = await device.sees(() => {
      const state = stateNow();
      return state === 'here' || state === 'damaged' || state === 'paused' ? state : undefined;
    }, call.waitMs);
    if (end === 'damaged') throw new Stop('The file was not what was sent. It was destroyed here.');
    if (end !== 'here')
      throw new Stop('Not all of it is here. The same command goes on.', exitCodes.kept);
    const path = call.path(call.text('output') ?? safeName(file.name));
    const sha256 = await write(device, sid, path);
    call.out.say(`${path}  ${sha256}`, {
      event: 'fetched',
      id: sid,
      path,
      bytes: file.sizeBytes,
      sha256,
    });
    return undefined;
  },
};

/** A sender's name must not lead out of the folder, and must not hide. */
function safeName(name: string): string {
  const bare = basename(name.replaceAll('\\', '/'))
    .replace(/^\.+/, '')
    .replace(/[\u0000-\u001f]/g, '');
  return bare === '' ? 'file' : bare;
}

/** Writes the opened file, wholly or not at all; its SHA-256 in hexadecimal. */
async function write(device: Device, sid: string, path: string): Promise<string> {
  const pieces = (await device.client.openFile(sid)) as AsyncIterable<Uint8Array>;
  // Claims the name, so that nothing is written over.
  const claimed = await open(path, 'wx').catch((error: unknown) => {
    throw new Stop(`${path} cannot be made: is it there already?`, exitCodes.refused, error);
  });
  await claimed.close();
  const partial = `${path}.part`;
  const hash = createHash('sha256');
  try {
    const target = await open(partial, 'w');
    try {
      for await (const piece of pieces) {
        hash.update(piece);
        await target.writeFile(piece);
      }
      await target.sync();
    } finally {
      await target.close();
    }
    await rename(partial, path);
  } catch (error) {
    await Promise.all([rm(partial, { force: true }), rm(path, { force: true })]);
    // What the disk did to it, fetching again repairs.
    await device.client.removeFile(sid);
    throw error;
  }
  return hash.digest('hex');
}
