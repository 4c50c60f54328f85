import { utf8 } from '../../codec/bytes.ts';
import { encode } from '../../codec/canonical-json.ts';
import { b64u, fields } from '../../codec/shape.ts';
import { fromB64u } from '../../codec/text-form.ts';
import { verifyBlob } from '../../crypto/verify-strict.ts';
import { accepted, refused, type Verdict } from '../../verdict.ts';
import { statusOf, type ChildState, type Person } from '../child-state.ts';
import { isGuest } from '../guests.ts';
import { kind, type Act, type Scene } from '../kind.ts';
import { subject, withLift } from '../removal.ts';
import { mostPeople } from './add.ts';
import { liftsKnown } from './child-genesis.ts';

interface JoinX {
  /** Of who was not invited: the join key's signature (mode 3). */
  s?: string;
}

/** What the join key of a conversation signs for a member (namespace `swarm-cert-v1`). */
export function joinMessage(cid: string, member: string): Uint8Array {
  return utf8(encode({ cid, m: member, t: 'join' }));
}

/** An invited person takes the invitation, or one with the join key comes in (R22); from any device. */
export const childJoin = kind<ChildState, JoinX>({
  shape: fields({}, { s: b64u(64) }),

  check(scene, x) {
    const status = statusOf(scene.state, scene.mission, scene.op.author.member);
    if (x.s === undefined)
      return status === 'invited' ? accepted : refused('R22', 'there is no invitation');
    return checkKeyed(scene, status);
  },

  async prove(engine, { cid, op, state }, x) {
    if (x.s === undefined) return accepted;
    const key = fromB64u(state.genesis.jpk ?? '', 32) ?? new Uint8Array(0);
    const signature = fromB64u(x.s, 64) as Uint8Array;
    const message = joinMessage(cid, op.author.member);
    const signed = await verifyBlob(engine, 'swarm-cert-v1', key, message, signature);
    return signed ? accepted : refused('R22', 'the join key did not sign this');
  },

  apply(state, act, x) {
    const { member } = act.op.author;
    const opened = x.s === undefined ? state : opening(state, act);
    const person = opened.people.get(member);
    if (person === undefined) return state;
    const here = [subject('member', member), subject('party', person.party)]
      .flatMap((key) => opened.removals.get(key) ?? [])
      .filter((removal) => removal.lifts.some((by) => by === act.op.sid || act.saw(by)))
      .map((removal) => removal.by);
    const settled = [...new Set([...person.settled, ...here, ...liftsKnown(act, member)])].sort();
    return {
      ...opened,
      people: new Map(opened.people).set(member, { ...person, hasJoined: true, settled }),
    };
  },
});

/** Mode 3: whoever holds the join key comes in, unless banned; who left comes back by it. */
function checkKeyed(
  { mission, op, state }: Scene<ChildState>,
  status: ReturnType<typeof statusOf>,
): Verdict {
  if (state.genesis.mode !== 3) return refused('R22', 'this conversation has no join key');
  if (isGuest(mission, op.author.member)) return refused('M12', 'a guest is brought by somebody');
  if (state.isFrozen) return refused('V7', 'the conversation is frozen');
  if (status !== undefined && status !== 'left') return refused('R22', 'known here, or banned');
  const isKnown = state.people.has(op.author.member);
  return isKnown || state.people.size < mostPeople ? accepted : refused('L4', 'the room is full');
}

/** As if the join key had added them. */
function opening(state: ChildState, { op, saw }: Act): ChildState {
  const { member, party } = op.author;
  const known = state.people.get(member);
  const added = [...(known?.added ?? []).filter((sid) => !saw(sid)), op.sid].sort();
  const newcomer: Person = {
    member,
    party,
    granted: 'member',
    added,
    demotions: [],
    hasJoined: false,
    wasAdmin: false,
    settled: [],
  };
  return {
    ...state,
    removals: withLift(state.removals, subject('member', member), 'left', op.sid, saw),
    people: new Map(state.people).set(member, known === undefined ? newcomer : { ...known, added }),
  };
}
