import type { Graph } from '../graph.ts';
import type { Op } from '../op.ts';
import type { Above } from './setting.ts';

/**
 * M6: up to which sequence number the commits of a device count, although the mission
 * removed its subject: the middle of what the parties had of it when they took notice.
 * Infinity while nobody in the conversation has taken notice. `ops` come in topological
 * order: a device's notice is its first commit that knows.
 */
export function cutOf(
  graph: Graph,
  ops: readonly Op[],
  above: Above,
  removal: string,
  of: { device: number; party: string },
  isParty: boolean,
): number {
  const noticed = new Set<number>();
  const perParty = new Map<string, number>();
  for (const op of ops) {
    if (noticed.has(op.device) || !above.knows(op, removal)) continue;
    noticed.add(op.device);
    if (isParty && op.author.party === of.party) continue;
    const had = graph.tip(op, of.device)?.envelope.q ?? -1;
    perParty.set(op.author.party, Math.max(perParty.get(op.author.party) ?? -1, had));
  }
  // The subject's own party counts only if nobody else has noticed.
  if (perParty.size > 1) perParty.delete(of.party);
  const falling = [...perParty.values()].sort((a, b) => b - a);
  return falling[Math.floor((falling.length - 1) / 2)] ?? Number.POSITIVE_INFINITY;
}
