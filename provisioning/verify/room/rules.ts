import {
  encode,
  fields,
  listOf,
  oneOf,
  sortedListOf,
  type Json,
  type JsonObject,
} from '../bytes/canonical-json.ts';
import {
  b64u,
  bytes32,
  bytesText,
  epochId,
  fingerprint,
  fromB64u,
  hash64,
} from '../bytes/text-form.ts';
import { isStrictKey } from '../bytes/ed25519.ts';
import { isSigned } from '../bytes/sshsig.ts';
import type { Op } from '../graph/op.ts';
import { agreementKey } from '../identity/certificate.ts';
import { isDeviceEffective, isMemberEffective } from '../mission/state.ts';
import { must, refuse } from '../refusal.ts';
import type { Author } from '../resolve/removal.ts';
import type { Resolution } from '../resolve/resolution.ts';
import type { Motion } from '../votes/motion.ts';
import { checkResolve, checkVote, type Voting } from '../votes/rules.ts';
import { isLeaderless } from './leaderless.ts';
import { checkEpoch, checkUse } from './epoch-rules.ts';
import { isInside, type RoomState } from './state.ts';
import { H } from '../bytes/hash.ts';
import { isSealedSize } from '../commit/commit.ts';

/** A commit of a conversation, its author, and what was so in its past. */
export interface RoomCase {
  readonly op: Op;
  readonly x: JsonObject;
  readonly author: Author;
  readonly view: Resolution<RoomState>;
  readonly state: RoomState;
  readonly isAdmin: boolean;
  /** The blob of a profile, by the hash that names it. */
  readonly blob: (hash: string) => Uint8Array | undefined;
}

/** One rule a kind (protocol README, "Kinds of a child swarm"). A kind not listed is invalid. */
export const roomRules: Record<string, (one: RoomCase) => void> = {
  add,
  join,
  leave: () => undefined,
  vote: (one) => checkVote(voting(one)),
  resolve: (one) => checkResolve(voting(one)),
  epoch: ({ op, state, x }) => checkEpoch(op, state, x),
  share,
  profile,
  merge: ({ op }) => must(op.parents.length >= 2, 'R32', 'a merge of one parent joins nothing'),
  msg: (one) => {
    must(
      one.state.x['post'] !== 'admin' || one.isAdmin,
      'R33',
      'only admins write in this conversation',
    );
    checkUse(one.op, one.view);
  },
};

/** The arguments of a genesis (R20, M2). */
export function checkRoomGenesis(
  op: Op,
  author: Author,
  state: RoomState,
  missionCid: string,
): void {
  const names = ['founders', 'hist', 'mode', 'nonce', 'parent', 'post', 'prof', 'unit'];
  const x = fields(op.x, names, ['guests', 'jpk']);
  const isByKey = x['mode'] === 3;
  must(isByKey === (x['jpk'] !== undefined), 'R20', 'a join key belongs to mode 3');
  must(!isByKey || isStrictKey(fromB64u(x['jpk'], 32)), 'R-KEY', 'the join key is weak');
  must([0, 1, 2, 3].includes(x['mode'] as number), 'R20', 'the mode is unknown');
  const hist = oneOf(x['hist'], 'all', 'join', 'none');
  if (x['guests'] !== undefined) oneOf(x['guests'], 'member', 'admin');
  must(x['guests'] === undefined || hist !== 'all', 'M12', 'guests would read all that was');
  oneOf(x['post'], 'member', 'admin');
  oneOf(x['prof'], 'member', 'admin');
  oneOf(x['unit'], 'party', 'member');
  bytes32(x['nonce']);
  must(x['parent'] === missionCid, 'R20', 'it belongs to another mission');
  const founders = sortedListOf(x['founders'], fingerprint, 256);
  must(
    founders.length > 0 && founders.includes(author.member),
    'R20',
    'its author is none of the founders',
  );
  must(x['mode'] !== 0 || founders.length <= 2, 'R20', 'a conversation of two has more founders');
  const isGuest = founders.some((mfp) => state.mission.members.get(mfp)?.rooms !== undefined);
  must(!isGuest, 'M12', 'a guest founds no conversation');
  const isKnown = founders.every((mfp) => isMemberEffective(state.mission, mfp));
  must(isKnown, 'M2', 'a founder is not in the mission');
}

function add({ author, isAdmin, op, state, view, x }: RoomCase): void {
  fields(x, ['m', 'r'], ['h']);
  oneOf(x['r'], 'member');
  const m = fingerprint(x['m']);
  must(isMemberEffective(state.mission, m), 'M4', 'the person is not in the mission');
  must(!state.isFrozen, 'V7', 'the conversation is frozen');
  const mode = state.x['mode'];
  must(mode === 2 || mode === 3 || isAdmin, 'R21', 'its author may not add people');
  const founders = state.x['founders'] as string[];
  must(mode !== 0 || founders.includes(m), 'R21', 'nobody is added to a conversation of two');
  const status = state.people.get(m)?.status;
  must(status === undefined || status === 'left', 'R21', 'the person is inside, invited or banned');
  must(m !== author.member, 'R21', 'nobody adds oneself');
  const inside = [...state.people.values()].filter((one) =>
    ['admin', 'member', 'invited'].includes(one.status),
  );
  must(inside.length < 256, 'L4', 'the conversation has as many people as it may');
  checkGuest(op, state, m, isAdmin);
  if (x['h'] === undefined) return;
  const keys = listOf(x['h'], (one) => boxed(one, epochId, true), 64);
  const past = [...state.epochs.values()].filter((epoch) =>
    view.swarm.graph.isBefore(epoch.op, op),
  );
  must(
    keys.every(([id]) => past.some((epoch) => epoch.id === id)),
    'K11',
    'a key it gives is of no epoch',
  );
}

function share({ author, op, state, x }: RoomCase): void {
  fields(x, ['box', 'e', 'ek', 'to']);
  const ids = sortedOrNot(x['e']);
  const boxes = listOf(x['box'], (one) => listOf(one, (part) => part, 2), 64);
  must(boxes.length === ids.length && ids.length > 0, 'R5', 'keys and boxes are not as many');
  for (const [nonce, box] of boxes) {
    bytesText(24)(nonce);
    bytesText(48)(box);
  }
  agreementKey(x['ek']);
  const to = fingerprint(x['to']);
  const member = state.mission.devices.get(to)?.member ?? '';
  const status = state.people.get(member)?.status ?? '';
  const isReader =
    isDeviceEffective(state.mission, to) && ['admin', 'member', 'invited'].includes(status);
  must(isReader && !state.bannedDevices.has(to), 'K18', 'the device is not of the conversation');
  const since = cutOfGuest(state, member);
  for (const id of ids) {
    const epoch = state.epochs.get(id) ?? refuse('K18', 'there is no such epoch');
    const isHolder = epoch.devices.has(op.d) || epoch.people.has(author.member);
    must(since === undefined || epoch.g >= since, 'M12', 'a guest gets no key of what was before');
    must(isHolder, 'K18', 'its author does not hold the key');
  }
}

/** R22: who is invited; in mode 3 also who has the join key. */
function join({ author, state, x }: RoomCase): void {
  fields(x, [], ['s']);
  if (x['s'] === undefined) return;
  must(state.x['mode'] === 3, 'R22', 'the conversation has no join key');
  must(!state.isFrozen, 'V7', 'the conversation is frozen');
  const isGuest = state.mission.members.get(author.member)?.rooms !== undefined;
  must(!isGuest, 'M12', 'a guest is brought in by somebody');
  const said = encode({ cid: state.cid, m: author.member, t: 'join' });
  const isSaid = isSigned(fromB64u(state.x['jpk']), 'swarm-cert-v1', said, fromB64u(x['s'], 64));
  must(isSaid, 'R22', 'the join key did not sign');
}

/** M12, K17: a guest is brought by whom the conversation says, right behind a cut of its history. */
function checkGuest(op: Op, state: RoomState, m: string, isAdmin: boolean): void {
  const rooms = state.mission.members.get(m)?.rooms;
  if (rooms === undefined) return;
  const who = state.x['guests'];
  must(who === 'member' || (who === 'admin' && isAdmin), 'M12', 'its author may not bring guests');
  must(rooms.includes(state.cid), 'M12', 'the guest is for other conversations');
  const before = op.previous;
  const id = before?.x['id'] as string | undefined;
  const isCut = before?.k === 'epoch' && before.x['cut'] === 1 && state.newest.join() === id;
  must(isCut, 'K17', 'the history was not cut right before');
  const given = (op.x['h'] ?? []) as unknown as readonly (readonly string[])[];
  must(
    given.every(([eid]) => eid === id),
    'K17',
    'a guest gets no key of what was before',
  );
}

/** Generation of the cut that a guest was brought in behind; nothing for everybody else. */
function cutOfGuest(state: RoomState, mfp: string): number | undefined {
  if (state.mission.members.get(mfp)?.rooms === undefined) return undefined;
  const cuts = (state.people.get(mfp)?.adds ?? []).map(
    ({ previous }) => previous?.x['g'] as number,
  );
  return Math.max(...cuts);
}

function profile({ blob, isAdmin, op, state, view, x }: RoomCase): void {
  fields(x, ['h']);
  const bytes = blob(hash64(x['h']));
  must(bytes, 'R31', 'its profile is missing');
  must(b64u(H('blob', bytes)) === x['h'], 'R31', 'its profile is another');
  must(
    bytes.length <= 65_536 && isSealedSize(bytes.length),
    'R31',
    'its profile has no sealed size',
  );
  must(state.x['prof'] === 'member' || isAdmin, 'R31', 'its author may not change the profile');
  checkUse(op, view);
}

function voting(one: RoomCase): Voting<RoomState> {
  const { author, isAdmin, op, state, view } = one;
  must(state.x['mode'] !== 0, 'R25', 'a conversation of two has no votes');
  const { law } = view.swarm;
  const isLeft = isLeaderless(view);
  const mayVote = law.electorate(view).get(law.unit(author))?.includes(author.member) === true;
  const isSelf = ({ u }: Motion): boolean => u === author.member || u === author.device;
  return {
    ...{ author, op, view, barred: state.barred, isFrozen: state.isFrozen },
    isVoter: isLeft ? mayVote : isAdmin,
    // Those left without an admin may all be of one party (R29).
    isOwn: (motion) =>
      isSelf(motion) || (!isLeft && law.targetUnit(view, motion) === law.unit(author)),
    applies: (motion) => {
      must(
        !isLeft || ['promote', 'close'].includes(motion.a),
        'R29',
        'without an admin only that is decided',
      );
      applies(state, motion);
    },
  };
}

function applies(state: RoomState, { a, c, u }: Motion): void {
  const action = oneOf(a, 'ban', 'unban', 'promote', 'demote', 'close');
  if (action === 'close')
    return must(c === 'swarm' && u === state.cid, 'R25', 'it is about another swarm');
  if (c === 'device') {
    must(a === 'ban' || a === 'unban', 'R25', 'a device has no role');
    const member = state.mission.devices.get(u)?.member ?? '';
    must(state.people.has(member), 'R25', 'the device is of nobody here');
    return must(
      state.bannedDevices.has(u) === (a === 'unban'),
      'R25',
      'the device is not in that state',
    );
  }
  must(c === 'member', 'R25', 'it is about nothing that is voted here');
  const isGuest = state.mission.members.get(u)?.rooms !== undefined;
  must(action !== 'promote' || !isGuest, 'M12', 'a guest is never an admin');
  const status = state.people.get(u)?.status;
  const fitting = {
    ban: ['admin', 'member', 'invited', 'left', 'banned-in-mission'],
    unban: ['banned'],
    promote: ['member'],
    demote: ['admin'],
  };
  must(status && fitting[action].includes(status), 'R25', 'the target is not in a state for that');
}

function boxed(one: Json, id: (value: Json) => string, hasKey: boolean): readonly string[] {
  const parts = listOf(one, (part) => part, 4);
  must(parts.length === (hasKey ? 4 : 3), 'R5', 'a box has a bad form');
  bytesText(24)(parts[1]);
  bytesText(48)(parts[2]);
  if (hasKey) agreementKey(parts[3]);
  return [id(parts[0] as Json)];
}

function sortedOrNot(value: Json | undefined): string[] {
  const ids = listOf(value, epochId, 64);
  must(new Set(ids).size === ids.length, 'R5', 'an epoch is named twice');
  return ids;
}

/** What a guest writes (M12). */
const guestKinds = ['join', 'leave', 'merge', 'msg'];

/** Who may write a kind: those inside, and for `join` those invited (R17, R22). */
export function checkStanding(op: Op, author: Author, state: RoomState): void {
  must(isDeviceEffective(state.mission, op.d), 'R17', 'its author was removed from the mission');
  must(!state.bannedDevices.has(op.d), 'R17', 'its device was banned');
  const status = state.people.get(author.member)?.status;
  const isGuest = state.mission.members.get(author.member)?.rooms !== undefined;
  must(!isGuest || guestKinds.includes(op.k), 'M12', 'a guest does not write this');
  if (op.k !== 'join')
    return must(isInside(state, author.member), 'R17', 'its author is not in the conversation');
  const isByKey = op.x['s'] !== undefined && (status === undefined || status === 'left');
  must(isByKey || status === 'invited', 'R22', 'its author is not invited');
}
