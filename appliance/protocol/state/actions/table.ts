import type { Action } from './action.ts';
import { addParty } from './add-party.ts';
import { changeBox } from './change-box.ts';
import { close } from './close.ts';
import { ban, unban } from './persons.ts';
import { reinstate } from './reinstate.ts';
import { reopen } from './reopen.ts';
import { rule } from './rule.ts';
import { update } from './update.ts';

/** What the parties of a mission decide. A name that is not here is refused: fail closed. */
export const missionActions: ReadonlyMap<string, Action> = new Map([
  ['ban', ban],
  ['unban', unban],
  ['reinstate', reinstate],
  ['addparty', addParty],
  ['rule', rule],
  ['box', changeBox],
  ['update', update],
  ['reopen', reopen],
  ['close', close],
]);
