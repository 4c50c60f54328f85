import type { Json } from '../codec/canonical-json.ts';
import type { Node } from '../pack/node.ts';
import type { End, Final } from './end.ts';
import { folder, folderOf, jsonFile, listing } from './tree.ts';

/** L1: rows of one file; a device that contradicts itself could make any number. */
const mostRows = 64;

/** `/end`: what was said after the close, as T(state) writes it. */
export function endFolder({ agreed, disputes, elapsed, finals, receipts }: End): Node | undefined {
  const open = [...disputes.values()].filter(({ isSettled }) => !isSettled);
  return folderOf(
    new Map([
      ['final', folder(finals, finals, () => listing(finals, () => true, finalFile))],
      [
        'agree',
        rowsBy(
          agreed,
          ({ party }) => party,
          ({ h, r }) => [h, r],
        ),
      ],
      [
        'receipts',
        rowsBy(
          receipts,
          ({ party }) => party,
          ({ h, p, r }) => [h, p, r],
        ),
      ],
      [
        'elapsed',
        rowsBy(
          elapsed,
          ({ of }) => of,
          ({ party }) => party,
        ),
      ],
      [
        'disputes',
        folderOf(
          files(
            open,
            ({ party }) => party,
            ({ why }) => why,
          ),
        ),
      ],
    ]),
  );
}

function finalFile({ n, q, up }: Final): Json {
  return {
    ...(n !== undefined && { n }),
    q: q.map(([cid, last]) => [cid, last]),
    ...(up.length > 0 && { up: [...up] }),
  };
}

function rowsBy<T>(
  held: ReadonlyMap<string, T>,
  of: (one: T) => string,
  row: (one: T) => string | string[],
): Node | undefined {
  return folder(held, held, () => files([...held.values()], of, row));
}

/** `<pfp>.json` with the rows of each party, sorted, without doubles. */
function files<T>(
  all: readonly T[],
  of: (one: T) => string,
  row: (one: T) => string | string[],
): Map<string, Node> {
  return new Map(
    [...Map.groupBy(all, of)].map(([party, said]) => {
      const rows = new Map(said.map((one) => [String(row(one)), row(one)] as const));
      const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
      return [`${party}.json`, jsonFile(sorted.slice(0, mostRows))];
    }),
  );
}
