import { encode } from '../bytes/canonical-json.ts';
import { serialHex, isOpen } from '../mission/people.ts';
import type { MissionState } from '../mission/state.ts';
import { ballotFiles } from './ballot-files.ts';
import type { Files } from './tree.ts';

/** T(state) of the mission (SWARM §4, protocol README, "Tree"). */
export function missionFiles(state: MissionState): Files {
  const files: Files = new Map<string, string>([
    ['proto', 'swarm1\n'],
    ['genesis.json', encode(state.founding.x)],
    ['charter.json', encode(state.charter)],
  ]);
  const put = (path: string, value: unknown) => files.set(`${path}.json`, encode(value));
  for (const { bannedBy, certificate, hasWithdrawn, isBanned, pfp } of state.parties.values()) {
    if (isBanned) put(`banned/parties/${pfp}`, { by: bannedBy, r: 'member' });
    else put(`${hasWithdrawn ? 'left' : 'parties'}/${pfp}`, certificate);
  }
  const named = new Set([...state.leads.values()].flatMap(({ m }) => m));
  const isNamed = (mfp: string): boolean => named.has(mfp);
  for (const member of state.members.values()) {
    const { bannedBy, certificate, claimed, hasLeft, isBanned, isPending, mfp } = member;
    const known = isPending ? { pending: certificate } : certificate;
    if (isBanned)
      put(`banned/members/${mfp}`, { by: bannedBy, r: isNamed(mfp) ? 'lead' : 'member' });
    else put(`${hasLeft ? 'left' : 'members'}/${mfp}`, claimed.length > 1 ? { claimed } : known);
  }
  for (const {
    bannedBy,
    certificate,
    dfp,
    isBanned,
    isRevoked,
    preKey,
  } of state.devices.values()) {
    if (isBanned) put(`banned/devices/${dfp}`, { by: bannedBy, r: 'member' });
    else put(`${isRevoked ? 'revoked' : 'devices'}/${dfp}`, certificate);
    if (preKey !== undefined) put(`prekeys/${dfp}`, preKey);
  }
  for (const [pfp, { isSuspended, m, n }] of state.leads) {
    put(`leads/${pfp}`, { m, n, ...(isSuspended ? { suspended: 1 } : {}) });
  }
  for (const [serial, ticket] of state.tickets) {
    const c = ticket.certificate;
    if (isOpen(ticket)) put(`tickets/${serialHex(serial)}`, { c, m: ticket.admitted });
  }
  const [bk, ...others] = state.boxKeys;
  if (bk !== undefined) {
    put('box', others.length === 0 ? { bk } : { contested: state.boxKeys.slice(0, 64) });
  }
  if (state.updates.length > 0) put('updates', state.updates);
  if (state.closes.length > 0) put('closed', { closed: 1 });
  endFiles(state, put);
  ballotFiles(state.ballots, put);
  return files;
}

function endFiles({ end }: MissionState, put: (path: string, value: unknown) => void): void {
  for (const [dfp, { n, q, up, op }] of end.finals) {
    put(`end/final/${dfp}`, {
      q,
      ...(n === undefined ? {} : { n }),
      ...(op.x['up'] === undefined ? {} : { up }),
    });
  }
  const by = <T extends { party: string }>(
    list: readonly T[],
    say: (one: T) => unknown,
  ): [string, unknown[]][] => {
    const lists = new Map<string, Set<string>>();
    for (const one of list) {
      lists.set(one.party, (lists.get(one.party) ?? new Set()).add(encode(say(one))));
    }
    return [...lists].map(([party, texts]) => [
      party,
      [...texts].sort().map((text) => JSON.parse(text) as unknown),
    ]);
  };
  for (const [pfp, list] of by(end.agreed, ({ h, r }) => [h, r]))
    put(`end/agree/${pfp}`, list.slice(0, 64));
  for (const [pfp, list] of by(end.receipts, ({ h, p, r }) => [h, p, r]))
    put(`end/receipts/${pfp}`, list.slice(0, 64));
  const elapsed = end.elapsed.map(({ of, party }) => ({ party: of, said: party }));
  for (const [pfp, list] of by(elapsed, ({ said }) => said)) put(`end/elapsed/${pfp}`, list);
  const open = end.disputes.filter(({ isSettled }) => !isSettled);
  for (const [pfp, list] of by(open, ({ why }) => why)) put(`end/disputes/${pfp}`, list);
}
