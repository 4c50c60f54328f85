import type { Events } from '#kernel/events.ts';
import { genesisTree } from '#protocol/admit/genesis.ts';
import { missionReplica } from '#protocol/admit/replica.ts';
import { conversationId, sidOf } from '#protocol/codec/fingerprint.ts';
import type { FoundingRecord } from '#protocol/mission/founding.ts';
import { genesisArguments, genesisObject } from '#protocol/mission/genesis.ts';
import type { Engine } from '#protocol/ports.ts';
import { accepted, refused, type Verdict } from '#protocol/verdict.ts';
import type { SwarmFacts } from './facts.ts';
import type { MissionMaker } from './founding.ts';
import type { Swarms } from './swarms.ts';

/** Makes the mission when a founding is complete: genesis and `found` commits, judged like any others. */
export function missionMaker(
  engine: Engine,
  swarms: Swarms,
  events: Events<SwarmFacts>,
): MissionMaker {
  return {
    cid: () => swarms.mission()?.cid,

    async check(record, found): Promise<Verdict> {
      const { ok, no } = await missionReplica(engine).admit([genesisFor(record), ...found]);
      const [first] = no;
      if (first !== undefined) return refused(first[1], 'the mission refuses it');
      return ok.length === found.length + 1 ? accepted : refused('F4', 'it stands elsewhere');
    },

    make: (record, found) =>
      swarms.write(async () => {
        if (swarms.mission()) return;
        const genesis = genesisFor(record);
        const cid = conversationId(sidOf(genesis));
        const mission = await swarms.newMission(cid);
        const { answer } = await mission.take([genesis, ...found], [], swarms.seconds);
        if (answer.ok.length !== found.length + 1) throw new Error('the founding does not hold');
        swarms.addIfBegun(mission);
        events.emit('mission', { cid });
        for (const fact of swarms.heads()) events.emit('head', fact);
      }),
  };
}

/** The genesis object: a function of the founding alone (F4). */
function genesisFor(record: FoundingRecord): Uint8Array {
  const x = genesisArguments(record);
  const { object, th } = genesisTree(x);
  return genesisObject(x, { oid: object.oid, th });
}
