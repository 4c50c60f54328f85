import type { Json } from '../../codec/canonical-json.ts';
import { b64u, fields } from '../../codec/shape.ts';
import { fromB64u } from '../../codec/text-form.ts';
import { subjectKey } from '../../identity/certificate.ts';
import { verifyFoundSignature } from '../../mission/founding.ts';
import { accepted, refused } from '../../verdict.ts';
import { kind } from '../kind.ts';
import type { MissionState } from '../mission-state.ts';

/** A founding party stands behind the genesis (F4): its third statement, by its revealed device. */
export const found = kind<MissionState, { s: string }>({
  shape: fields({ s: b64u(64) }),

  check({ op, state }) {
    const party = state.parties.get(op.author.party);
    if (party?.device !== op.author.device) return refused('F4', 'not the device of the reveal');
    return party.hasFound ? refused('F4', 'the party has founded already') : accepted;
  },

  async prove(engine, { op, state }, x) {
    const party = state.parties.get(op.author.party);
    if (party === undefined) return refused('F4', 'an unknown party');
    const signature = fromB64u(x.s, 64) as Uint8Array;
    const key = subjectKey(party.certificate.c);
    const signed = await verifyFoundSignature(
      engine,
      state.genesis as unknown as { [key: string]: Json },
      key,
      signature,
    );
    return signed ? accepted : refused('F4', 'the party did not sign this founding');
  },

  apply(state, { op }) {
    const party = state.parties.get(op.author.party);
    if (party === undefined) return state;
    const parties = new Map(state.parties).set(op.author.party, { ...party, hasFound: true });
    return { ...state, parties };
  },
});
