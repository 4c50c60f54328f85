import type { Command } from '../command.ts';
import { boxAway } from '../device.ts';
import { answered } from '../question.ts';
import { Stop } from '../stop.ts';

/** Retires this device. */
export const retire: Command = {
  name: 'retire',
  usage: '[--yes]',
  summary: 'this device leaves the mission for good',
  help: `
Says in the mission that this device is none any more, waits until the box has it, and destroys the
state directory with its keys. Nobody seals anything for the device after that. If it is the only
device of the only lead of a party, nobody can speak for the party any more: see export before.

  --yes   does not ask`,
  options: { yes: { type: 'boolean' } },
  words: [0, 0],

  async run(call) {
    const device = await call.inMission();
    const { charter } = device.mission;
    const question = `Leave "${charter.name}" and destroy this device's keys? yes or no: `;
    if (!call.flag('yes') && !(await answered(question, call.signal)))
      throw new Stop('Nothing was done.');
    if (!(await device.catchesUp(call.waitMs))) throw boxAway();
    await device.client.retire();
    if (!(await device.isDelivered(call.waitMs))) throw boxAway();
    await device.stop();
    await device.state.destroy();
    call.out.say('This device is retired.', { event: 'retired' });
    return undefined;
  },
};
