import type { MessageView } from '#client/model.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import type { Call, Command } from '../command.ts';
import type { Device } from '../device.ts';
import { conversationOf } from '../finding.ts';
import { writeNewFile } from '../new-file.ts';
import { harmless } from '../output.ts';
import { readPassphrase } from '../passphrase.ts';
import { exitCodes, Stop } from '../stop.ts';

/** Takes keys or a conversation out of the state directory. */
export const exportOut: Command = {
  name: 'export',
  usage: 'keys|card|text [CONVERSATION] [--output PATH]',
  summary: 'keys sealed in a file, the key card, or a conversation as text',
  help: `
  keys                 the person's keys, sealed under the passphrase of --key-passphrase-file;
                       opens the record years later, see the offline reader
  card                 the text of the key card's QR code; whoever has it has the keys
  text CONVERSATION    what was said, one line a message

  --output PATH                where to; else standard output. Not written over
  --key-passphrase-file FILE   for keys; else the passphrase of this device is used

  npm run client -- export keys --output red.parley-keys`,
  options: { output: { type: 'string' }, 'key-passphrase-file': { type: 'string' } },
  words: [1, 2],

  async run(call) {
    const [what = '', word] = call.words;
    const device = await call.inMission();
    const text = await textOf(what, word, device, call);
    const output = call.text('output');
    if (output === undefined) process.stdout.write(`${text}\n`);
    else await writeNewFile(call.path(output), [utf8(`${text}\n`)]);
    return undefined;
  },
};

async function textOf(
  what: string,
  word: string | undefined,
  device: Device,
  call: Call,
): Promise<string> {
  switch (what) {
    case 'keys': {
      const file = call.text('key-passphrase-file') ?? call.text('passphrase-file');
      const passphrase = await readPassphrase(
        file === undefined ? undefined : call.path(file),
        true,
      );
      return (await device.client.keyFile(passphrase)).text;
    }
    case 'card':
      return device.client.keyCard();
    case 'text': {
      if (word === undefined) throw new Stop('Say which conversation.', exitCodes.usage);
      await device.catchesUp(call.waitMs);
      const messages = device.client.messages(conversationOf(device, word).cid);
      return messages.map((message) => lineOf(device, message)).join('\n');
    }
    default:
      throw new Stop('Export keys, card or text.', exitCodes.usage);
  }
}

/** One line a message, whatever is in it: a text with line breaks must not look like several. */
function lineOf({ mission }: Device, message: MessageView): string {
  const { atMs, isDeleted, kind, name, slot, text } = message;
  const who = `${mission.charter.parties[slot]?.code ?? '?'} ${name ?? '(no name)'}`;
  const said = isDeleted ? '(deleted)' : kind === 'locked' ? '(cannot be opened)' : text;
  return harmless(`${new Date(atMs).toISOString()}  ${who}: ${said}`).replaceAll('\n', '\n    ');
}
