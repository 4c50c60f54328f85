import type { Json } from '../codec/canonical-json.ts';
import { fromB64u, toHex } from '../codec/text-form.ts';
import { directory, type Node } from '../pack/node.ts';
import { endFolder } from './end-tree.ts';
import {
  boxKeys,
  isOpen,
  type Device,
  type Member,
  type MissionState,
  type Party,
  type PreKey,
  type Ticket,
} from './mission-state.ts';
import { subject, type Class } from './removal.ts';
import { charterOf } from './rules.ts';
import {
  bannedFolder,
  closedFile,
  fate,
  folder,
  folderOf,
  jsonFile,
  listing,
  proto,
  recordFile,
  votesFolder,
} from './tree.ts';

/** T(state) of the mission swarm (SWARM §4). */
export function missionTree(state: MissionState): Node {
  const known = trees.get(state);
  if (known !== undefined) return known;
  const tree = directory(present(state));
  trees.set(state, tree);
  return tree;
}

const trees = new WeakMap<MissionState, Node>();

function present(state: MissionState): Map<string, Node> {
  const { removals, parties, members, devices } = state;
  const here = (cls: Class) => (key: string) => fate(removals, cls, key) === undefined;
  const gone = (cls: Class) => (key: string) => fate(removals, cls, key) === 'left';
  const leads = new Set(
    [...parties.values()].flatMap((party) => party.leads.members.map((m) => subject('member', m))),
  );
  const named: [string, Node | undefined][] = [
    ['proto', proto],
    ['genesis.json', recordFile(state.genesis, (x) => x as unknown as Json)],
    ['charter.json', recordFile(charterOf(state), (charter) => charter as unknown as Json)],
    ['box.json', boxFile(boxKeys(state))],
    ['closed.json', closedFile(state)],
    ['parties', folder(parties, removals, () => listing(parties, here('party'), certificate))],
    ['members', folder(members, removals, () => listing(members, here('member'), membership))],
    ['devices', folder(devices, removals, () => listing(devices, here('device'), certificate))],
    ['prekeys', folder(devices, devices, () => preKeys(devices))],
    ['leads', folder(parties, parties, () => leadLists(parties))],
    [
      'left',
      folderOf(
        new Map([
          ...listing(members, gone('member'), membership),
          ...listing(parties, gone('party'), certificate),
        ]),
      ),
    ],
    ['revoked', folderOf(listing(devices, gone('device'), certificate))],
    ['banned', bannedFolder(removals, (key) => (leads.has(key) ? 'lead' : 'member'))],
    ['tickets', folder(state.tickets, state.tickets, () => ticketList(state.tickets))],
    ['votes', votesFolder(state.ballots)],
    ['updates.json', state.updates.length > 0 ? jsonFile([...state.updates]) : undefined],
    ['end', endFolder(state.end)],
  ];
  return new Map(named.flatMap(([name, node]): [string, Node][] => (node ? [[name, node]] : [])));
}

function certificate(record: { readonly certificate: unknown }): Json {
  return record.certificate as Json;
}

/** L1: contested keys that are listed; a device that contradicts itself could name any number. */
const mostKeys = 64;

function boxFile(keys: readonly string[]): Node | undefined {
  const [bk, ...others] = keys;
  if (bk === undefined) return undefined;
  return jsonFile(others.length === 0 ? { bk } : { contested: keys.slice(0, mostKeys) });
}

function membership({ certificate, claimants, isPending }: Member): Json {
  if (claimants !== undefined) return { claimed: [...claimants] };
  const c = certificate as unknown as Json;
  return isPending ? { pending: c } : c;
}

function preKeys(devices: ReadonlyMap<string, Device>): Map<string, Node> {
  const set = [...devices].flatMap(([key, { pre }]): [string, PreKey][] =>
    pre ? [[key, pre]] : [],
  );
  return new Map(
    set.map(([key, pre]) => [`${key}.json`, recordFile(pre, ({ id, x }) => ({ id, x }))]),
  );
}

function leadLists(parties: ReadonlyMap<string, Party>): Map<string, Node> {
  return new Map(
    [...parties].map(([key, { leads }]) => [
      `${key}.json`,
      recordFile(leads, ({ isSuspended, members, n }) => ({
        m: [...members],
        n,
        ...(isSuspended && { suspended: 1 }),
      })),
    ]),
  );
}

/** Open ones only: all that ever were would outgrow a tree (L1). */
function ticketList(tickets: ReadonlyMap<string, Ticket>): Map<string, Node> {
  return new Map(
    [...tickets]
      .filter(([, ticket]) => isOpen(ticket))
      .map(([serial, ticket]) => [
        `${toHex(fromB64u(serial, 16) as Uint8Array)}.json`,
        recordFile(ticket, ({ admitted, certificate: c }) => ({
          c: c as unknown as Json,
          m: [...admitted],
        })),
      ]),
  );
}
