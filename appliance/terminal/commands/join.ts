import type { Command } from '../command.ts';
import { boxAway } from '../device.ts';
import { exitCodes, Stop } from '../stop.ts';

/** How long the first conversation may take: a lead has to be there to add the newcomer. */
const firstRoomMs = 60_000;

/** Joins a mission by an invitation. */
export const join: Command = {
  name: 'join',
  usage: 'LINK --name NAME',
  summary: 'join a mission by an invitation',
  help: `
Prints six digits and waits until a lead of the party, to whom they are read out, has admitted them
(command admit, or the lead's screen). If the program is ended, the same command goes on.

  --name NAME   the name of the person, told to the others sealed

  npm run client -- join 'https://192.168.1.5:8443/#/j/AQI…' --name "Flood gauge"`,
  options: { name: { type: 'string' } },
  words: [1, 1],

  async run(call) {
    const [link = ''] = call.words;
    const device = await call.open(link);
    const { client } = device;
    await client.enter(link);
    if (client.view().joining?.step === 'name') {
      const name = call.text('name');
      if (name === undefined) throw new Stop('Say who you are with --name.', exitCodes.usage);
      await client.join(name);
    }
    const digits = await device.sees(
      ({ joining, stage }) => joining?.digits ?? joining?.problem ?? stage === 'mission',
      call.waitMs,
    );
    if (digits === undefined)
      throw new Stop('No lead was there in time. The same command goes on.');
    if (typeof digits === 'string') {
      call.out.say(`Read these digits to the lead: ${digits}`, { event: 'digits', digits });
    }
    const end = await device.sees(
      ({ joining, stage }) => joining?.problem ?? stage === 'mission',
      call.waitMs,
    );
    if (end === undefined) throw new Stop('No lead answered in time. The same command goes on.');
    if (typeof end === 'object') throw new Stop(`${end.says} ${end.advice}`);
    const isIn = await device.sees(({ mission }) => mission?.conversations.length, firstRoomMs);
    if (isIn === undefined || !(await device.isDelivered())) throw boxAway();
    const { charter, me } = device.mission;
    const words = `You are in the mission "${charter.name}", for ${charter.parties[me.slot]?.name}.`;
    call.out.say(words, { event: 'joined', mission: charter.name, slot: me.slot, person: me.id });
    return undefined;
  },
};
