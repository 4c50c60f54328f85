import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from '../command.ts';
import { conversationOf } from '../finding.ts';
import { exitCodes, Stop, systemCode } from '../stop.ts';
import { delivered, saidWithKey } from './send.ts';

/** Sends a file. */
export const sendFile: Command = {
  name: 'send-file',
  usage: 'CONVERSATION PATH [--name NAME]',
  summary: 'send a file',
  help: `
Seals the file here first; it becomes a message when the box has all of it. If the box is away or the
program ends, it goes on where it was with the next command (exit code 3).

  --name NAME   what the others see (default: the name of the file)

  npm run client -- send-file "All parties" ./map.pdf`,
  options: { name: { type: 'string' } },
  words: [2, 2],

  async run(call) {
    const [word = '', given = ''] = call.words;
    const path = call.path(given);
    const device = await call.inMission();
    await device.catchesUp(call.waitMs);
    const { cid } = conversationOf(device, word);
    const name = call.text('name') ?? basename(path);
    const before = new Set(device.client.messages(cid).map(({ sid }) => sid));
    const file = await open(path).catch((error: unknown) => {
      throw new Stop(`The file ${given} cannot be read (${systemCode(error)}).`, exitCodes.usage);
    });
    try {
      const { size } = await file.stat();
      const source = {
        name,
        sizeBytes: size,
        async read(from: number, to: number): Promise<Uint8Array> {
          const bytes = new Uint8Array(to - from);
          const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
          return bytes.subarray(0, bytesRead);
        },
      };
      await saidWithKey(device, () => device.client.sendFile(cid, source), call);
    } finally {
      await file.close();
    }
    const sent = await device.sees(
      () =>
        device.client
          .messages(cid)
          .find((one) => one.isMine && one.file?.state === 'here' && !before.has(one.sid)),
      call.waitMs,
    );
    if (sent) return delivered(device, call, cid, sent.sid);
    call.out.say('kept', { event: 'kept', conversation: cid });
    return exitCodes.kept;
  },
};
