import type { JsonObject } from '../bytes/canonical-json.ts';
import { b64u, fromB32 } from '../bytes/text-form.ts';
import type { Op } from '../graph/op.ts';
import { endOf } from '../end/build.ts';
import type { Founding } from '../identity/founding.ts';
import type { Author } from '../resolve/removal.ts';
import type { Resolution } from '../resolve/resolution.ts';
import { personIn } from './claims.ts';
import { changedCharter } from './charter.ts';
import { introductions, type KnownParty } from './introductions.ts';
import { leadsIn } from './leads.ts';
import type { Device, Member, MissionState, Party, Ticket } from './state.ts';

type View = Resolution<MissionState>;

/** Steps 5–8 of Resolve for the mission. */
export function stateOf(founding: Founding, view: View): MissionState {
  const { graph } = view.swarm;
  const live = view.ops.filter((op) => view.reason(op) === undefined);
  const { devices, members, parties: introduced } = introductions(founding, live);
  const parties = new Map([...introduced].map(([pfp, one]) => [pfp, partyOf(view, pfp, one)]));
  const decided = (a: string) => live.filter(({ k, x }) => k === 'resolve' && x['a'] === a);
  const inCharge = [...parties.values()].filter((one) => !one.isBanned && !one.hasWithdrawn);
  return {
    cid: graph.cid,
    founding,
    charter: changedCharter(founding.charter, graph, decided('rule')),
    founded: new Set(view.of('found').map((op) => (view.authorOf(op) as Author).party)),
    parties,
    members: new Map(
      [...members].map(([mfp, one]): [string, Member] => [
        mfp,
        {
          mfp,
          ...one,
          claimed: [...one.claimed].sort(),
          hasLeft: hasDeparted(view, 'member', mfp),
          rooms: (one.certificate['c'] as { rooms?: string[] }).rooms,
          isByTicket: one.by.some(({ k }) => k === 'join'),
          isPending: view.inDoubt.has(mfp),
          ...banned(view, 'member', mfp),
        },
      ]),
    ),
    devices: new Map(
      [...devices].map(([dfp, one]): [string, Device] => [
        dfp,
        {
          dfp,
          ...one,
          isRevoked: hasDeparted(view, 'device', dfp),
          ...banned(view, 'device', dfp),
          ...preKeyOf(view, dfp),
        },
      ]),
    ),
    leads: leadsIn(introduced, graph, view.effective('leads')),
    tickets: ticketsOf(view),
    boxKeys: boxKeysOf(view, decided('box')),
    updates: [...new Set(decided('update').map(({ x }) => x['u'] as string))].sort(),
    ballots: view.ballots(),
    agreementKeys: agreementKeysOf(founding, view),
    barred: view.barredUnits(),
    closes: decided('close'),
    // V7b: fewer than two units are frozen in the same way.
    isFrozen: view.conflicts.length > 0 || inCharge.length < 2,
    end: endOf(view),
  };
}

/** Ballots of the bans on a subject that nobody lifted. */
export function banned<S>(
  view: Resolution<S>,
  c: string,
  u: string,
): { isBanned: boolean; bannedBy: string[] } {
  const bans = view.unlifted('ban', c, u);
  const ballots = bans.flatMap(({ op }) => op.x['votes'] as string[]);
  return { isBanned: bans.length > 0, bannedBy: [...new Set(ballots)].sort() };
}

function hasDeparted(view: View, c: string, u: string): boolean {
  return view.unlifted('voluntary', c, u).length > 0;
}

function partyOf(view: View, pfp: string, { certificate, pk }: KnownParty): Party {
  const hasWithdrawn = hasDeparted(view, 'party', pfp);
  return { pfp, pk, certificate, hasWithdrawn, ...banned(view, 'party', pfp) };
}

/** The newest pre-key of a device (K15). */
function preKeyOf(view: View, dfp: string): { preKey?: { id: string; x: string } } {
  const own = view.effective('devadd').filter((op) => op.d === dfp && op.x['pre'] !== undefined);
  const newest = own.at(-1)?.x['pre'] as { id: string; x: string } | undefined;
  return newest === undefined ? {} : { preKey: newest };
}

function ticketsOf(view: View): Map<string, Ticket> {
  const revoked = new Set(view.effective('revoke').map(({ x }) => x['t']));
  const users = [...view.effective('admit'), ...view.effective('join')];
  return new Map(
    view.effective('invite').map(({ x }) => {
      const certificate = x['t'] as JsonObject;
      const c = certificate['c'] as unknown as TicketTerms;
      const admitted = users.flatMap((op) => (op.x['t'] === c.serial ? [personIn(op)] : []));
      const ticket = {
        ...{ certificate, ipk: c.ipk, isDelegating: c.dg === 1, lead: c.m, party: c.p, uses: c.n },
        rooms: c.kind === 'guest' ? c.rooms : undefined,
        admitted: [...new Set(admitted)].sort(),
        isRevoked: revoked.has(c.serial),
      };
      return [c.serial, ticket];
    }),
  );
}

interface TicketTerms {
  serial: string;
  ipk: string;
  kind: string;
  rooms: string[];
  p: string;
  m: string;
  n: number;
  dg?: 1;
}

/** What was chosen by vote last, else what the records say that knew of no other (A1). */
function boxKeysOf(view: View, choices: readonly Op[]): string[] {
  const { graph } = view.swarm;
  const records = view.effective('box');
  const first = records.filter((op) => !records.some((other) => graph.isBefore(other, op)));
  const chosen = graph.maximal(choices).map(({ x }) => b64u(fromB32(x['u'] as string)));
  const recorded = first.map(({ x }) => x['bk'] as string);
  return [...new Set(chosen.length > 0 ? chosen : recorded)].sort();
}

/** Every X25519 key introduced so far: none may come twice (K10). */
function agreementKeysOf(founding: Founding, view: View): Set<string> {
  const founders = founding.founders.flatMap(({ device, lead }) => [device.c['x'], lead.c['x']]);
  const later = view.ops.flatMap(({ k, x }) => {
    const isIntroducing = ['admit', 'join', 'devadd'].includes(k) || x['new'] !== undefined;
    if (!isIntroducing) return [];
    const { d, m, pre } = (k === 'resolve' ? x['new'] : x) as Record<
      string,
      { c?: { x: string }; x?: string }
    >;
    return [m?.c?.x, d?.c?.x, pre?.x];
  });
  return new Set([...founders, ...later].filter((one) => one !== undefined) as string[]);
}
