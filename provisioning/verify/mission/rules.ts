import {
  encode,
  fields,
  integer,
  oneOf,
  sortedListOf,
  type Json,
  type JsonObject,
} from '../bytes/canonical-json.ts';
import { isStrictKey } from '../bytes/ed25519.ts';
import { isSigned } from '../bytes/sshsig.ts';
import { b64u, bytes32, bytesText, fingerprint, fromB32, fromB64u } from '../bytes/text-form.ts';
import { foundMessage } from '../identity/founding.ts';
import { must, refuse } from '../refusal.ts';
import type { Author } from '../resolve/removal.ts';
import { endRules } from '../end/rules.ts';
import { endKinds } from '../end/state.ts';
import type { Resolution } from '../resolve/resolution.ts';
import { checkResolve, checkVote, type Voting } from '../votes/rules.ts';
import type { Motion } from '../votes/motion.ts';
import { isSound, readRule } from './charter.ts';
import { checkReopening, hasVoice } from './reopening.ts';
import { checkNewParty } from './new-party.ts';
import type { Case } from './case.ts';
import { admit, deviceAdded, invite, join } from './people.ts';
import { isPartyEffective, leadsOf, type MissionState } from './state.ts';

/** One rule a kind (protocol README, "Kinds of the mission swarm"). A kind not listed is invalid. */
export const missionRules: Record<string, (one: Case) => void> = {
  found,
  box,
  leads,
  invite,
  revoke,
  admit,
  join,
  devadd: deviceAdded,
  devrev,
  leave: () => undefined,
  withdraw,
  vote: (one) => checkVote(voting(one)),
  resolve,
  merge: ({ op }) => must(op.parents.length >= 2, 'R32', 'a merge of one parent joins nothing'),
  ...endRules,
};

/** Kinds that are still valid after the close (V13 and the README). */
export const afterClose = ['merge', 'leave', 'withdraw', 'devrev', ...endKinds];

/** Kinds that a frozen mission does not take (V7). */
export const notWhileFrozen = ['admit', 'invite', 'join', 'leads'];

function found({ author, op, state, x }: Case): void {
  fields(x, ['s']);
  const founder = state.founding.founders.find(({ device }) => device.dfp === op.d);
  must(founder, 'F4', 'only the device revealed in the founding writes this');
  must(!state.founded.has(author.party), 'F4', 'the party has founded already');
  const message = foundMessage(state.founding.F);
  const isSaid = isSigned(founder.party.pk, 'swarm-charter-v1', message, fromB64u(x['s'], 64));
  must(isSaid, 'F4', 'the party did not sign the founding');
}

function box({ isLead, state, x }: Case): void {
  fields(x, ['bk']);
  must(isStrictKey(fromB64u(bytes32(x['bk']))) || x['bk'], 'A1', 'the key of the box is weak');
  must(isLead, 'A1', 'only a lead records the box');
  must(state.boxKeys.length === 0, 'A1', 'a box is recorded already');
}

function leads({ author, state, x }: Case): void {
  fields(x, ['m', 'n', 'p', 's']);
  const m = sortedListOf(x['m'], fingerprint, 256);
  const n = integer(x['n'], 1);
  must(fingerprint(x['p']) === author.party, 'V11', 'leads are named by their own party');
  must(n === (state.leads.get(author.party)?.n ?? 0) + 1, 'V11', 'the number does not follow');
  const isOwn = m.every((mfp) => state.members.get(mfp)?.party === author.party);
  must(m.length > 0 && isOwn, 'V11', 'a lead is no person of the party');
  const isGuest = m.some((mfp) => state.members.get(mfp)?.rooms !== undefined);
  must(!isGuest, 'M12', 'a guest leads nobody');
  const message = encode({ cid: state.cid, m, n, p: author.party, t: 'leads' });
  must(signedByParty(state, author.party, message, x['s']), 'V11', 'the party did not sign');
}

function revoke({ author, isLead, state, x }: Case): void {
  fields(x, ['t']);
  const ticket = state.tickets.get(bytesText(16)(x['t']));
  must(
    isLead && ticket?.party === author.party,
    'J7',
    'only a lead of the party revokes its invitation',
  );
  must(!ticket.isRevoked, 'J7', 'the invitation is revoked already');
}

function devrev({ author, op, state, x }: Case): void {
  const isAll = x['all'] !== undefined;
  fields(x, isAll ? ['m', 'all', 's'] : ['d'], isAll ? [] : ['s']);
  const { cid } = state;
  if (isAll) {
    must(x['all'] === 1, 'R5', 'a flag is 1');
    const member = state.members.get(fingerprint(x['m']));
    must(member?.party === author.party, 'R24', 'a party removes its own people only');
    const message = encode({ all: 1, cid, m: x['m'], t: 'devrev' });
    must(signedByParty(state, author.party, message, x['s']), 'R24', 'the party did not sign');
    must(!member.hasLeft, 'R24', 'the person has left already');
    return;
  }
  const device = state.devices.get(fingerprint(x['d']));
  must(device && !device.isRevoked, 'R24', 'there is no such device');
  if (x['s'] === undefined) return must(x['d'] === op.d, 'R24', 'a device retires itself only');
  must(device.member === author.member, 'R24', 'the device is of another person');
  const key = state.members.get(author.member)?.pk ?? refuse('R24', 'the person is unknown');
  const message = encode({ cid, d: x['d'], t: 'devrev' });
  must(
    isSigned(key, 'swarm-cert-v1', message, fromB64u(x['s'], 64)),
    'R24',
    'the person did not sign',
  );
}

function withdraw({ author, isLead, state, x }: Case): void {
  fields(x, ['s']);
  must(isLead, 'R23', 'only a lead withdraws a party');
  const message = encode({ cid: state.cid, p: author.party, t: 'withdraw' });
  must(signedByParty(state, author.party, message, x['s']), 'R23', 'the party did not sign');
}

function voting(one: Case): Voting<MissionState> {
  const { author, isLead, op, state, view } = one;
  return {
    ...{ author, op, view, barred: state.barred, isFrozen: state.isFrozen },
    isVoter: op.x['a'] === 'reopen' ? hasVoice(state, op.d) : isLead,
    isOwn: (motion) => view.swarm.law.targetUnit(view, motion) === author.party,
    applies: (motion) => applies(view, motion, op.x),
  };
}

function resolve(one: Case): void {
  const added = one.x['new'];
  checkResolve(voting(one));
  if (added !== undefined)
    checkNewParty(one.state, one.x['u'] as string, fields(added, ['d', 'm', 'p', 's']));
}

function applies(view: Resolution<MissionState>, { a, c, u }: Motion, x: JsonObject): void {
  const { state } = view;
  oneOf(a, 'ban', 'unban', 'close', 'reinstate', 'addparty', 'rule', 'box', 'update', 'reopen');
  if (a === 'reopen') {
    must(c === 'swarm', 'R25', 'a reopening is the whole mission’s');
    return checkReopening(view, x['reopen'], u);
  }
  if (a === 'addparty') {
    return must(c === 'party' && !state.parties.has(u), 'R25', 'the party is in the mission');
  }
  if (a === 'rule') {
    const rule = readRule(x['rule'], u);
    must(c === 'swarm', 'R25', 'a rule is the whole mission’s');
    return must(
      isSound({ ...state.charter, ...rule }),
      'V11',
      'growth would be easier than what it changes',
    );
  }
  if (a === 'update') {
    return must(c === 'box' && !state.updates.includes(u), 'R25', 'the update is approved already');
  }
  if (a === 'box') {
    const isNew = state.boxKeys.length !== 1 || state.boxKeys[0] !== b64u(fromB32(u));
    return must(c === 'box' && isNew, 'R25', 'that box is recorded already');
  }
  if (a === 'close')
    return must(c === 'swarm' && u === state.cid, 'R25', 'it is about another swarm');
  if (a === 'reinstate') {
    must(c === 'party' && isPartyEffective(state, u), 'R25', 'there is no such party');
    return must(state.barred.has(u), 'R25', 'the party did not contradict itself');
  }
  const known = { party: state.parties, member: state.members, device: state.devices }[c];
  const target = known?.get(u);
  must(target, 'R25', 'there is nobody of that name');
  must(
    target.isBanned === (a === 'unban'),
    'R25',
    a === 'ban' ? 'the target is banned already' : 'the target is not banned',
  );
}

function signedByParty(
  state: MissionState,
  pfp: string,
  message: string,
  s: Json | undefined,
): boolean {
  const party = state.parties.get(pfp);
  return party !== undefined && isSigned(party.pk, 'swarm-cert-v1', message, fromB64u(s, 64));
}

/** Whether a member is a lead who counts now. */
export function isLeadNow(state: MissionState, { member, party }: Author): boolean {
  return leadsOf(state, party).includes(member);
}
