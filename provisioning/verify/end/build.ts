import type { Op } from '../graph/op.ts';
import type { Author } from '../resolve/removal.ts';
import type { Resolution } from '../resolve/resolution.ts';
import type { EndState, Final, Said } from './state.ts';

/** What was said after the close, by those whose word has effect. */
export function endOf<S>(view: Resolution<S>): EndState {
  const { graph } = view.swarm;
  const closes = view.effective('resolve').filter(({ x }) => x['a'] === 'close');
  // A close that falls takes with it what was said after it.
  const effective = (k: string): Op[] =>
    view.effective(k).filter((op) => closes.some((close) => graph.isBefore(close, op)));
  const said = (op: Op): Said => {
    const { member, party } = view.authorOf(op) as Author;
    return { op, member, party };
  };
  const text = (op: Op, key: string): string => op.x[key] as string;
  const finals = new Map<string, Final>();
  for (const op of effective('final')) {
    const { n, q, up } = op.x as unknown as { n?: string; q: [string, number][]; up?: string[] };
    finals.set(op.d, {
      op,
      party: said(op).party,
      q,
      up: up ?? [],
      ...(n === undefined ? {} : { n }),
    });
  }
  const receipts = effective('receipt').map((op) => ({
    ...said(op),
    ...{ h: text(op, 'h'), r: text(op, 'r'), p: text(op, 'p') },
  }));
  return {
    finals,
    agreed: effective('agree').map((op) => ({
      ...said(op),
      ...{ h: text(op, 'h'), r: text(op, 'r'), n: text(op, 'n') },
    })),
    receipts,
    elapsed: effective('elapsed').map((op) => ({ ...said(op), of: text(op, 'p') })),
    disputes: effective('dispute').map((op) => {
      const { party } = said(op);
      const isSettled = receipts.some((one) => one.party === party && graph.isBefore(op, one.op));
      return { ...said(op), why: text(op, 'why'), isSettled };
    }),
  };
}
