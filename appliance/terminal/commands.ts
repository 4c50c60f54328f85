import type { Command } from './command.ts';
import { admit } from './commands/admit.ts';
import { close } from './commands/close.ts';
import { door } from './commands/door.ts';
import { exportOut } from './commands/export.ts';
import { fetchFile } from './commands/fetch.ts';
import { follow } from './commands/follow.ts';
import { found } from './commands/found.ts';
import { invite } from './commands/invite.ts';
import { join } from './commands/join.ts';
import { list } from './commands/list.ts';
import { retire } from './commands/retire.ts';
import { sendFile } from './commands/send-file.ts';
import { send } from './commands/send.ts';
import { vote } from './commands/vote.ts';

/** Everything that the program can be asked for, in the order in which it is needed. */
export const commands: readonly Command[] = [
  found,
  invite,
  join,
  admit,
  list,
  send,
  follow,
  sendFile,
  fetchFile,
  vote,
  close,
  exportOut,
  retire,
  door,
];
