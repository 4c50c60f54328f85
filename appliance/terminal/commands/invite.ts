import type { Command } from '../command.ts';
import { exitCodes, Stop } from '../stop.ts';

/** Makes an invitation. */
export const invite: Command = {
  name: 'invite',
  usage: '[--uses N] [--stop ID]',
  summary: 'make an invitation for somebody of the own party, or stop one',
  help: `
Prints a link. Whoever has it may ask to join; nobody is in before a lead has compared the digits
(command admit). Only leads can invite.

  --uses N    how many people may use it (1)
  --stop ID   takes an invitation back; the ids are in list

  npm run client -- invite --uses 5`,
  options: { uses: { type: 'string' }, stop: { type: 'string' } },
  words: [0, 0],

  async run(call) {
    const uses = Number(call.text('uses') ?? 1);
    if (!Number.isInteger(uses) || uses < 1 || uses > 256) {
      throw new Stop('--uses takes a number from 1 to 256.', exitCodes.usage);
    }
    const device = await call.inMission();
    await device.catchesUp(call.waitMs);
    const stopped = call.text('stop');
    if (stopped !== undefined) {
      await device.client.stopInvitation(stopped);
      call.out.say('The invitation is stopped.', { event: 'stopped', id: stopped });
      return undefined;
    }
    const { id, link } = await device.client.invite(uses === 1 ? 'person' : 'open', uses);
    call.out.say(link ?? '', { event: 'invitation', id, uses, link });
    return undefined;
  },
};
