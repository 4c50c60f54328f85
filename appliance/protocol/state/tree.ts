import { utf8 } from '../codec/bytes.ts';
import { encode, type Json } from '../codec/canonical-json.ts';
import { directory, file, type Node } from '../pack/node.ts';
import { subject, unlifted, type Class, type Removals } from './removal.ts';
import { targetKey, type Ballot, type SwarmState } from './swarm-state.ts';

/** `/proto`: which rules made this tree. */
export const proto = file(utf8('swarm1\n'));

const files = new WeakMap<object, Node>();
const folders = new WeakMap<object, WeakMap<object, Node | undefined>>();

/** A file of canonical JSON. */
export function jsonFile(value: Json): Node {
  return file(utf8(encode(value)));
}

/** The file of a record, made once: states share the records that did not change (L10). */
export function recordFile<T extends object>(record: T, value: (record: T) => Json): Node {
  const known = files.get(record);
  if (known !== undefined) return known;
  const made = jsonFile(value(record));
  files.set(record, made);
  return made;
}

/** A folder that follows from two parts of a state, made once; undefined if empty. */
export function folder(
  from: object,
  and: object,
  files: () => ReadonlyMap<string, Node>,
): Node | undefined {
  const inner = folders.get(from) ?? new WeakMap<object, Node | undefined>();
  folders.set(from, inner);
  if (!inner.has(and)) inner.set(and, folderOf(files()));
  return inner.get(and);
}

/** A folder with these; git keeps no empty ones. */
export function folderOf(named: ReadonlyMap<string, Node | undefined>): Node | undefined {
  const there = [...named].flatMap(([name, node]): [string, Node][] =>
    node ? [[name, node]] : [],
  );
  return there.length === 0 ? undefined : directory(new Map(there));
}

/** Members of a map that `keep` lets through, as `<key>.json`. */
export function listing<T extends object>(
  map: ReadonlyMap<string, T>,
  keep: (key: string, value: T) => boolean,
  json: (value: T) => Json,
): Map<string, Node> {
  const kept = [...map].filter(([key, value]) => keep(key, value));
  return new Map(kept.map(([key, value]) => [`${key}.json`, recordFile(value, json)]));
}

/** Whether an unlifted ban is on a subject, or else an unlifted departure. */
export function fate(removals: Removals, cls: Class, of: string): 'ban' | 'left' | undefined {
  const open = unlifted(removals, subject(cls, of));
  if (open.length === 0) return undefined;
  return open.some(({ kind }) => kind === 'ban') ? 'ban' : 'left';
}

/**
 * `/banned`: who is banned, and by which ballots. A file never names the commit that
 * makes it, since that commit's identity depends on its tree.
 */
export function bannedFolder(
  removals: Removals,
  roleOf: (key: string) => string,
): Node | undefined {
  const classes = new Map<string, Map<string, Node>>();
  for (const key of removals.keys()) {
    const [cls, of] = key.split(' ') as [Class, string];
    if (fate(removals, cls, of) !== 'ban') continue;
    const bans = unlifted(removals, key).filter(({ kind }) => kind === 'ban');
    const by = [...new Set(bans.flatMap(({ votes }) => votes))].sort();
    const name = cls === 'party' ? 'parties' : `${cls}s`;
    const inner = classes.get(name) ?? new Map<string, Node>();
    classes.set(name, inner.set(`${of}.json`, jsonFile({ by, r: roleOf(key) })));
  }
  return folderOf(new Map([...classes].map(([name, inner]) => [name, folderOf(inner)])));
}

/** `/votes/<action>/<class>/<target>/<voter>.json`: open ballots. */
export function votesFolder(ballots: SwarmState['ballots']): Node | undefined {
  const actions = group([...ballots.values()], ({ motion }) => motion.a);
  return nest(actions, (ofAction) =>
    nest(
      group(ofAction, ({ motion }) => motion.c),
      (ofClass) =>
        nest(
          group(ofClass, ({ motion }) => motion.u),
          (ofTarget) =>
            folderOf(
              new Map(
                [...group(ofTarget, ({ member }) => member)].map(([member, said]) => [
                  `${member}.json`,
                  ballotFile(said),
                ]),
              ),
            ),
        ),
    ),
  );
}

/** `/closed.json`: about what; present once a close stands. */
export function closedFile({ closed }: SwarmState): Node | undefined {
  return closed.length === 0 ? undefined : jsonFile({ closed: 1 });
}

/** What one member says about one target; for and against it at once from two devices. */
function ballotFile(said: readonly Ballot[]): Node {
  const [{ motion }] = said as [Ballot];
  const about = targetKey(motion);
  return jsonFile({
    ...(said.some(({ isAgainst }) => isAgainst) && { against: about }),
    basis: [...motion.basis],
    ...(said.some(({ isAgainst }) => !isAgainst) && { for: about }),
  });
}

function group(ballots: readonly Ballot[], by: (ballot: Ballot) => string): Map<string, Ballot[]> {
  return Map.groupBy(ballots, by);
}

function nest(
  groups: ReadonlyMap<string, Ballot[]>,
  inner: (ballots: Ballot[]) => Node | undefined,
): Node | undefined {
  return folderOf(new Map([...groups].map(([name, ballots]) => [name, inner(ballots)])));
}
