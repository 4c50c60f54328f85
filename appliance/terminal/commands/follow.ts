import type { ConversationView } from '#client/model.ts';
import type { Command } from '../command.ts';
import { conversationOf } from '../finding.ts';
import { Printed } from '../printed.ts';
import { Printer } from '../printer.ts';
import { Stop } from '../stop.ts';

/** Prints messages as they come. */
export const follow: Command = {
  name: 'follow',
  usage: '[CONVERSATION] [--all | --resume]',
  summary: 'print new messages as JSON lines until it is stopped',
  help: `
One JSON object a line, of one conversation or of all. Fields are only ever added:

  event         message; edited and deleted for one that was printed before
  conversation  its id;   title   its title
  id            of the message, the same for ever and everywhere
  kind          text, file, event (somebody joined), call, board, unsupported
  author        the person's id;   name, if known;   party   the code of the party
  mine          whether this person wrote it
  text          empty once deleted
  at            the author's claim, ISO 8601
  late          true if newer messages were printed before
  reply         id of the message it answers, if any
  file          {"name","bytes"}, for fetch

  --all      begins with the whole history that this device can read
  --resume   begins with everything that follow --resume has not printed on this device yet; whoever
             is killed and starts again misses nothing, and may see the last lines twice
  --wait SECONDS   ends after this time; else Ctrl-C ends it, with exit code 0

  npm run client -- follow "All parties" --resume | while read -r line; do …; done`,
  options: { all: { type: 'boolean' }, resume: { type: 'boolean' } },
  words: [0, 1],

  async run(call) {
    const device = await call.inMission();
    const [word] = call.words;
    const [isAll, isResumed] = [call.flag('all'), call.flag('resume')];
    if (!isAll) await device.catchesUp();
    const one = word === undefined ? undefined : conversationOf(device, word).cid;
    const rooms = (): readonly ConversationView[] =>
      device.mission.conversations.filter(({ cid }) => one === undefined || cid === one);
    const printer = new Printer(device, (line) => call.out.json(line));
    const printed = isResumed ? await Printed.open(device.state) : undefined;
    for (const room of rooms()) {
      if (!isAll) printer.skip(room, ({ sid }) => printed?.has(sid) ?? true);
    }
    call.out.note('Following. Ctrl-C ends it.');
    let keeping = Promise.resolve();
    const print = (): undefined => {
      const sids = rooms().flatMap((room) => printer.print(room));
      if (printed && sids.length > 0) keeping = keeping.then(() => printed.add(sids));
    };
    try {
      await device.sees(print, call.waitMs);
    } catch (error) {
      if (!call.signal.aborted || !(error instanceof Stop)) throw error;
    }
    await keeping;
    return undefined;
  },
};
