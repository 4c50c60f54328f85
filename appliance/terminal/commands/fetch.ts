import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { ClientProblem } from '#client/model.ts';
import type { Command } from '../command.ts';
import type { Device } from '../device.ts';
import { messageOf } from '../finding.ts';
import { writeNewFile } from '../new-file.ts';
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
    .replace(/\p{Cc}/gu, '');
  return bare === '' ? 'file' : bare;
}

/** Writes the opened file; its SHA-256 in hexadecimal. */
async function write({ client }: Device, sid: string, path: string): Promise<string> {
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Uint8Array, void> {
    for await (const piece of (await client.openFile(sid)) as AsyncIterable<Uint8Array>) {
      hash.update(piece);
      yield piece;
    }
  }
  try {
    await writeNewFile(path, hashed());
  } catch (error) {
    // What the disk of this device did to its parts, fetching them again repairs.
    if (error instanceof ClientProblem) await client.removeFile(sid);
    throw error;
  }
  return hash.digest('hex');
}
