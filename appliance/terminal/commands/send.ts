import { text as allOf } from 'node:stream/consumers';
import type { Call, Command } from '../command.ts';
import type { Device } from '../device.ts';
import { conversationOf } from '../finding.ts';
import { exitCodes, type ExitCode } from '../stop.ts';

/** How long a conversation whose keys are still on their way is waited for. */
const usualWaitMs = 20_000;

/** Sends a message. */
export const send: Command = {
  name: 'send',
  usage: 'CONVERSATION [TEXT] [--reply ID]',
  summary: 'send a message; without TEXT what comes on standard input',
  help: `
CONVERSATION is its title or the beginning of its id. First the message is on the disk here ("kept"
on standard error), then at the box ("sent", exit code 0). If the box is away it stays kept (exit
code 3) and goes out once with the next command, also when the program was killed in between; so do
not send it again.

  --reply ID   the message that this answers

  echo "Gauge 3: 4.21 m" | npm run client -- send "All parties"`,
  options: { reply: { type: 'string' } },
  words: [1, 2],

  async run(call) {
    const [word = '', given] = call.words;
    const text = given ?? (await allOf(process.stdin)).replace(/\n$/, '');
    const device = await call.inMission();
    await device.sees(({ mission }) => mission?.conversations.length, call.waitMs ?? usualWaitMs);
    const { cid } = conversationOf(device, word);
    await saidWithKey(device, () => device.client.send(cid, text, call.text('reply')), call);
    const id = device.client
      .messages(cid)
      .findLast(({ isMine, kind }) => isMine && kind === 'text')?.sid;
    call.out.note(`kept ${id}`);
    return delivered(device, call, cid, id ?? '');
  },
};

/** Tries again while a key of the conversation may still come. */
export async function saidWithKey(
  device: Device,
  say: () => Promise<void>,
  call: Call,
): Promise<void> {
  const end = performance.now() + (call.waitMs ?? usualWaitMs);
  for (;;) {
    try {
      await say();
      return;
    } catch (error) {
      const code = (error as { problem?: { code?: string } }).problem?.code;
      const left = end - performance.now();
      if (code !== 'CONVERSATION_LOCKED' || left <= 0) throw error;
      // The key comes with some change of the view.
      const before = device.view;
      await device.sees((view) => view !== before, left);
    }
  }
}

/** Waits until the box has a message of ours, and says so. */
export async function delivered(
  device: Device,
  call: Call,
  cid: string,
  id: string,
): Promise<ExitCode> {
  const isSent = await device.sees(
    () =>
      device.client.messages(cid).some(({ sid, delivery }) => sid === id && delivery === 'sent'),
    call.waitMs ?? usualWaitMs,
  );
  const event = isSent ? 'sent' : 'kept';
  call.out.say(`${event} ${id}`, { event, conversation: cid, id });
  return isSent ? exitCodes.done : exitCodes.kept;
}
