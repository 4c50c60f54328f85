import type { MissionView } from '#client/model.ts';
import type { Command } from '../command.ts';

/** Shows what there is. */
export const list: Command = {
  name: 'list',
  usage: '',
  summary: 'list conversations, people, votes and invitations',
  help: `
Asks the box for what is new and shows the mission; without the box, what this device knows.
With --json one object: mission, safetyCode, me, parties, people, conversations, votes, claims,
invitations, link.`,
  options: {},
  words: [0, 0],

  async run(call) {
    const device = await call.inMission();
    if (!(await device.catchesUp(call.waitMs))) {
      call.out.note('The box did not answer: this is what the device knows.');
    }
    await device.isDelivered(call.waitMs);
    call.out.say(wordsOf(device.mission), { ...jsonOf(device.mission), link: device.view.link });
    return undefined;
  },
};

function wordsOf({ charter, code, people, conversations, votes, claims }: MissionView): string {
  const codeOf = (slot: number): string => charter.parties[slot]?.code ?? '?';
  return [
    `${charter.name} (safety code ${code.digits})`,
    ...conversations.map(
      ({ cid, title, memberCount, unread, readOnly }) =>
        `  ${cid.slice(0, 10)}  ${title || '(no title yet)'}, ${memberCount} people, ${unread} unread${readOnly === undefined ? '' : `. ${readOnly}`}`,
    ),
    'People',
    ...people.map(
      ({ id, isLead, isMe, name, slot }) =>
        `  ${id.slice(0, 10)}  ${codeOf(slot)} ${name ?? '(no name yet)'}${isLead ? ', lead' : ''}${isMe ? ', you' : ''}`,
    ),
    ...votes.map(
      ({ about, id, needed, state, yes }) =>
        `Vote ${id.slice(0, 10)}: ${about.kind}, ${state}, ${yes.length} of ${needed} yes`,
    ),
    ...claims.map(({ digits, name }) => `${name} asks to join and reads out ${digits}`),
  ].join('\n');
}

/** Fields only ever come to this. */
function jsonOf(mission: MissionView): object {
  const { charter, code, me, people, conversations, votes, claims, invitations } = mission;
  return {
    event: 'list',
    mission: { name: charter.name, purpose: charter.purpose },
    safetyCode: code.digits,
    me: me.id,
    parties: charter.parties,
    people,
    conversations: conversations.map(({ cid, title, memberCount, unread, readOnly }) => ({
      ...{ id: cid, title, people: memberCount, unread, canWrite: readOnly === undefined },
    })),
    votes,
    claims,
    invitations,
    ...(mission.closing && { closing: mission.closing }),
  };
}
