import { integer, listOf, type Json, type JsonObject } from '../bytes/canonical-json.ts';
import { fingerprint } from '../bytes/text-form.ts';
import type { Op } from '../graph/op.ts';
import { must } from '../refusal.ts';
import type { Author } from '../resolve/removal.ts';
import type { Resolution } from '../resolve/resolution.ts';
import type { MissionState } from './state.ts';

/** A commit of the mission, its author, and what was so in its past. */
export interface Case {
  readonly op: Op;
  readonly x: JsonObject;
  readonly author: Author;
  readonly view: Resolution<MissionState>;
  readonly state: MissionState;
  readonly isLead: boolean;
}

/** Reads a list of pairs, sorted by their first. */
export function pairs(value: Json | undefined, most: number): [string, number][] {
  const made = listOf(
    value,
    (one): [string, number] => {
      const [cid, q] = listOf(one, (part) => part, 2);
      return [fingerprint(cid), integer(q)];
    },
    most,
  );
  const isSorted = made.every(([cid], i) => i === 0 || (made[i - 1] as [string, number])[0] < cid);
  must(isSorted, 'R5', 'a list is not sorted');
  return made;
}
