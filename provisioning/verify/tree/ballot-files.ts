import type { Ballot } from '../resolve/resolution.ts';
import { targetOf } from '../votes/motion.ts';

/** `/votes/<action>/<class>/<target>/<voter>.json`: open ballots only. */
export function ballotFiles(
  ballots: readonly Ballot[],
  put: (path: string, value: unknown) => void,
): void {
  for (const { author, motion, says } of ballots) {
    const { a, basis, c, u } = motion;
    const said = [...says].map((ch) => [ch, targetOf(motion)]);
    put(`votes/${a}/${c}/${u}/${author.member}`, { basis, ...Object.fromEntries(said) });
  }
}
