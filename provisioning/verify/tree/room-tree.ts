import { encode } from '../bytes/canonical-json.ts';
import type { RoomState } from '../room/state.ts';
import { ballotFiles } from './ballot-files.ts';
import type { Files } from './tree.ts';

/** T(state) of a conversation; certificates are in the mission alone (M1). */
export function roomFiles(state: RoomState, profile: Uint8Array | undefined): Files {
  const files: Files = new Map<string, string | Uint8Array>([
    ['proto', 'swarm1\n'],
    ['genesis.json', encode(state.x)],
  ]);
  const put = (path: string, value: unknown) => files.set(`${path}.json`, encode(value));
  const places = { admin: 'admins', member: 'members', invited: 'invited', left: 'left' } as const;
  for (const { bannedBy, mfp, role, status } of state.people.values()) {
    if (status === 'banned') put(`banned/members/${mfp}`, { by: bannedBy, r: 'member' });
    else if (status !== 'banned-in-mission') put(`${places[status]}/${mfp}`, { m: mfp, r: role });
  }
  for (const [dfp, by] of state.bannedDevices) put(`banned/devices/${dfp}`, { by, r: 'member' });
  for (const id of state.newest) {
    const { g, p, r } = state.epochs.get(id) as { g: number; p: readonly string[]; r: string };
    put(`epochs/${id}`, { g, p, r });
  }
  if (state.closes.length > 0) put('closed', { closed: 1 });
  if (profile !== undefined) files.set('profile.sealed', profile);
  ballotFiles(state.ballots, put);
  return files;
}
