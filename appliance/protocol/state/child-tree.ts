import type { Json } from '../codec/canonical-json.ts';
import { directory, type Node } from '../pack/node.ts';
import { nextParents, roleOf, statusOf, type ChildState, type Status } from './child-state.ts';
import type { MissionState } from './mission-state.ts';
import {
  bannedFolder,
  closedFile,
  folder,
  folderOf,
  listing,
  proto,
  recordFile,
  votesFolder,
} from './tree.ts';

/** T(state) of a conversation (SWARM §4), people intersected with the mission (M4). */
export function childTree(state: ChildState, mission: MissionState): Node {
  const folders = people(state, mission);
  const profile = state.profiles.toSorted((a, b) => (a.by < b.by ? 1 : -1))[0];
  const named: [string, Node | undefined][] = [
    ['proto', proto],
    ['genesis.json', recordFile(state.genesis, (x) => x as unknown as Json)],
    ['closed.json', closedFile(state)],
    ...folders,
    ['banned', bannedFolder(state.removals, () => 'member')],
    ['votes', votesFolder(state.ballots)],
    ['epochs', folder(state.epochs, state.newest, () => epochFiles(state))],
    ['profile.sealed', profile?.blob],
  ];
  return directory(
    new Map(named.flatMap(([name, node]): [string, Node][] => (node ? [[name, node]] : []))),
  );
}

const folderNames: readonly (readonly [Status, string])[] = [
  ['admin', 'admins'],
  ['member', 'members'],
  ['invited', 'invited'],
  ['left', 'left'],
];

function people(state: ChildState, mission: MissionState): [string, Node | undefined][] {
  const byStatus = Map.groupBy(state.people.values(), ({ member }) =>
    statusOf(state, mission, member),
  );
  return folderNames.map(([status, name]) => {
    const files = (byStatus.get(status) ?? []).map((person): [string, Node] => [
      `${person.member}.json`,
      recordFile(person, (held) => ({ m: held.member, r: roleOf(held) })),
    ]);
    return [name, folderOf(new Map(files))];
  });
}

/** Those that the next one will name: all that ever were would outgrow a tree (L1). */
function epochFiles(state: ChildState): Map<string, Node> {
  const named = new Set(nextParents(state));
  return listing(
    state.epochs,
    (id) => named.has(id),
    ({ generation, parents, recipients }) => ({ g: generation, p: [...parents], r: recipients }),
  );
}
