import { durableRecord, type DurableRecord } from '#kernel/durable-record.ts';
import { Refusal } from '#kernel/refusal.ts';
import { isFingerprint, isSid } from '#protocol/codec/fingerprint.ts';
import {
  base64,
  fields,
  integer,
  list,
  oneOf,
  text,
  tuple,
  type Guard,
} from '#protocol/codec/shape.ts';

/** What the certificate will say, written down while it is still known. */
export interface Findings {
  cid: string;
  /** Mission commits that are not in the record: raw, base64, parents first. */
  commits: string[];
  excused: string[];
  h: string;
  r: string;
  receipts: string[];
}

/**
 * How far a wipe is. `decided`: nothing is removed yet, and it will be; `wiping`: everything was
 * counted, removal goes on; `farewell`: the certificate is there; `keys`: the box forgets who it is.
 */
export interface Journal {
  v: 1;
  step: 'decided' | 'wiping' | 'farewell' | 'keys';
  /** Paths below the data directory that go before the certificate is signed, and after. */
  paths: string[];
  secrets: string[];
  /** From `wiping` on: path, entries, bytes. */
  erased?: [path: string, entries: number, bytes: number][];
  findings: Findings;
}

/** Below the data directory, on its top: it outlives the mission. */
export const journalName = 'teardown.json';

const count = integer(0, Number.MAX_SAFE_INTEGER);
/** A journal that somebody wrote by hand must not reach anything outside the data directory. */
const isPath: Guard<string> = (value): value is string =>
  typeof value === 'string' && /^[a-z0-9][a-z0-9.-]*(\/[a-z0-9][a-z0-9.-]*)*$/.test(value);
const most = 65_536;
const isJournal = fields(
  {
    v: oneOf(1),
    step: oneOf('decided', 'wiping', 'farewell', 'keys'),
    paths: list(isPath, 1, 256),
    secrets: list(isPath, 1, 256),
    findings: fields({
      cid: isFingerprint,
      commits: list(base64(1, 1_048_576), 0, most),
      excused: list(isFingerprint, 0, 32),
      h: text(128, 128),
      r: isSid,
      receipts: list(isSid, 0, 4096),
    }),
  },
  { erased: list(tuple(isPath, count, count), 0, 256) },
);

/** The journal of a data directory. */
export function journalOf(path: (below: string) => string): DurableRecord<Journal> {
  const record = durableRecord<Journal>(path(journalName), isJournal as Guard<Journal>);
  return {
    ...record,
    read: async () => {
      try {
        return await record.read();
      } catch (error) {
        // Served as if nothing had happened, half of a mission would come back.
        throw new Refusal(
          `The file ${path(journalName)} is damaged, which says how far a wipe is. Restore it, or begin anew with --data DIR.`,
          1,
          error,
        );
      }
    },
  };
}
