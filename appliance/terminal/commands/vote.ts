import type { VoteView } from '#client/closing-model.ts';
import type { Call, Command } from '../command.ts';
import { boxAway, type Device } from '../device.ts';
import { meant } from '../finding.ts';
import { exitCodes, Stop } from '../stop.ts';

/** Votes, or asks for a vote. */
export const vote: Command = {
  name: 'vote',
  usage: 'yes|no|withdraw ID, or propose close|party NAME|person NAME',
  summary: 'vote, or ask the parties: close the mission, remove a party or a person',
  help: `
Each party has one vote, given by a lead. Whoever asks has said yes. The ids are in list.

  npm run client -- vote propose close
  npm run client -- vote yes 7mq2kd`,
  options: {},
  words: [2, 3],

  async run(call) {
    const [choice, what = '', name = ''] = call.words;
    const device = await call.inMission();
    await device.catchesUp(call.waitMs);
    if (choice === 'propose') await device.client.proposeVote(aboutOf(device, what, name));
    else if (choice === 'yes' || choice === 'no' || choice === 'withdraw') {
      const { id } = meant('vote', what, device.mission.votes, (one) => one.id);
      await device.client.vote(id, choice);
    } else throw new Stop('Say yes, no, withdraw or propose.', exitCodes.usage);
    if (!(await device.isDelivered(call.waitMs))) throw boxAway();
    tell(call, device.mission.votes);
    return undefined;
  },
};

function aboutOf({ mission }: Device, what: string, name: string): VoteView['about'] {
  switch (what) {
    case 'close':
      return { kind: 'close' };
    case 'party': {
      const { parties } = mission.charter;
      const { slot } = meant(
        'party',
        name,
        parties,
        ({ code }) => code,
        (one) => one.name,
      );
      return { kind: 'remove-party', slot };
    }
    case 'person': {
      const { id } = meant(
        'person',
        name,
        mission.people,
        (one) => one.id,
        (one) => one.name ?? '',
      );
      return { kind: 'remove-member', person: id };
    }
    default:
      throw new Stop('Propose close, party or person.', exitCodes.usage);
  }
}

function tell({ out }: Call, votes: readonly VoteView[]): void {
  for (const one of votes) {
    const { about, id, needed, no, state, yes } = one;
    out.say(
      `${id.slice(0, 10)}  ${about.kind}: ${state}, ${yes.length} of ${needed} yes, ${no.length} no`,
      { event: 'vote', ...one },
    );
  }
}
