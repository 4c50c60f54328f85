import type { Op } from '../graph/op.ts';
import type { Resolution } from '../resolve/resolution.ts';
import type { Epoch, RoomState } from './state.ts';

type Boxed = readonly (readonly [string, ...string[]])[];

/** The epochs of a set with their holders (K11): void and hidden commits count. */
export function epochsOf(view: Resolution<RoomState>): {
  epochs: Map<string, Epoch>;
  newest: string[];
} {
  const made = new Map<string, Epoch & { devices: Set<string>; people: Set<string> }>();
  for (const op of view.of('epoch')) {
    const { boxes, g, id, p, r } = op.x as unknown as {
      boxes: Boxed;
      g: number;
      id: string;
      p: string[];
      r: string;
    };
    const devices = new Set(boxes.map(([dfp]) => dfp));
    const hasEffect = view.reason(op) === undefined;
    if (!made.has(id)) made.set(id, { op, id, g, p, r, devices, people: new Set(), hasEffect });
  }
  for (const { x } of view.of('share')) {
    for (const id of x['e'] as string[]) made.get(id)?.devices.add(x['to'] as string);
  }
  for (const { x } of view.of('add')) {
    for (const [id] of (x['h'] ?? []) as unknown as Boxed)
      made.get(id)?.people.add(x['m'] as string);
  }
  const epochs = [...made.values()];
  for (const later of epochs.toReversed()) linkBack(later.op, later, made);
  const { graph } = view.swarm;
  const live = epochs.filter(({ hasEffect }) => hasEffect);
  const newest = graph.maximal(live.map(({ op }) => op)).map(({ x }) => x['id'] as string);
  // At most so many, so that neither a tree nor the next epoch outgrows its limit (L1).
  return { epochs: made, newest: newest.sort().slice(0, 64) };
}

/** Whoever opens a later epoch opens those it links back to. */
function linkBack(
  op: Op,
  later: Epoch,
  made: ReadonlyMap<string, { devices: Set<string>; people: Set<string> }>,
): void {
  for (const [id] of (op.x['back'] ?? []) as unknown as Boxed) {
    const earlier = made.get(id);
    for (const dfp of later.devices) earlier?.devices.add(dfp);
    for (const mfp of later.people) earlier?.people.add(mfp);
  }
}

/** The generation of the last epoch that a device's chain wrote under (K12); 0 for none. */
export function lastGeneration(state: RoomState, previous: Op | undefined): number {
  for (let op = previous; op !== undefined; op = op.previous) {
    const e = op.commit.envelope.e;
    if (e !== undefined) return state.epochs.get(e)?.g ?? 0;
  }
  return 0;
}
