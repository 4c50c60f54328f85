import { utf8 } from '../../codec/bytes.ts';
import { encode } from '../../codec/canonical-json.ts';
import { H } from '../../codec/hash.ts';
import { b64u, fields } from '../../codec/shape.ts';
import { fromB64u, toB64u } from '../../codec/text-form.ts';
import { verifyBlob } from '../../crypto/verify-strict.ts';
import { accepted, refused } from '../../verdict.ts';
import { isAbout, type RecordName } from '../end.ts';
import { kind } from '../kind.ts';
import { boxKeys, leadsOf, type MissionState } from '../mission-state.ts';
import { recordHash } from './shapes.ts';

interface AgreeX extends RecordName {
  n: string;
  s: string;
}

/** L9: agreements of one party; enough for a box that proposes again and again. */
const mostAgreements = 16;

/** What the box signs to propose a record (namespace `parley-box-v1`, T3). */
export function recordMessage(cid: string, { h, r }: RecordName): Uint8Array {
  return utf8(encode({ cid, h, r, t: 'record' }));
}

/** A party has the record, and every commit that it holds is in it (T3). */
export const agree = kind<MissionState, AgreeX>({
  shape: fields({ h: recordHash, n: b64u(32), r: b64u(64), s: b64u(64) }),

  check({ op, state }, x) {
    if (state.closed.length === 0) return refused('V13', 'the mission is not closed');
    const { device, member, party } = op.author;
    if (!leadsOf(state, party).includes(member)) return refused('T3', 'only a lead agrees');
    const nonce = fromB64u(x.n, 32) as Uint8Array;
    if (state.end.finals.get(device)?.n !== toB64u(H('nonce', nonce)))
      return refused('T5', "the nonce is not that of the device's last final");
    const own = [...state.end.agreed.values()].filter((held) => held.party === party);
    if (own.some((held) => held.device === device && isAbout(held, x)))
      return refused('T3', 'the device has agreed to this already');
    if (own.length >= mostAgreements) return refused('L9', 'too many agreements of one party');
    return boxKeys(state).length > 0 ? accepted : refused('T3', 'no box is recorded');
  },

  async prove(engine, { cid, state }, x) {
    const signature = fromB64u(x.s, 64) as Uint8Array;
    const message = recordMessage(cid, x);
    // Of a contested record any of the keys: whichever box proposed it, it can be held to it.
    for (const text of boxKeys(state)) {
      const key = fromB64u(text, 32) as Uint8Array;
      if (await verifyBlob(engine, 'parley-box-v1', key, message, signature)) return accepted;
    }
    return refused('T3', 'no recorded box proposed this record');
  },

  apply(state, { op, saw }, { h, n, r, s }) {
    if (!state.closed.some(saw)) return state;
    const { device, party } = op.author;
    const made = { by: op.sid, l: op.envelope.l, party, device, h, r, n, s };
    const agreed = new Map(state.end.agreed).set(op.sid, made);
    return { ...state, end: { ...state.end, agreed } };
  },
});
