import type { Command } from '../command.ts';
import { boxAway } from '../device.ts';
import { exitCodes, Stop } from '../stop.ts';

/** Admits or refuses somebody who asks to join. */
export const admit: Command = {
  name: 'admit',
  usage: 'DIGITS [--refuse]',
  summary: 'admit the person who has read out these six digits',
  help: `
Waits until somebody asks with these digits, and admits exactly them; then stays until they have the
keys of the conversations. Digits that nobody has read out to you prove nothing.

  --refuse   turns the person away instead

  npm run client -- admit 482913`,
  options: { refuse: { type: 'boolean' } },
  words: [1, 1],

  async run(call) {
    const digits = (call.words[0] ?? '').replace(/\s/g, '');
    if (!/^\d{6}$/.test(digits)) throw new Stop('These are not six digits.', exitCodes.usage);
    const device = await call.inMission();
    const claim = await device.sees(
      ({ mission }) => mission?.claims.find((one) => one.digits === digits),
      call.waitMs,
    );
    if (!claim) throw new Stop('Nobody has asked with these digits.');
    const isAdmitted = !call.flag('refuse');
    const before = device.mission.people.length;
    await device.client.answerClaim(claim.id, isAdmitted);
    if (isAdmitted) {
      await device.sees(({ mission }) => (mission?.people.length ?? 0) > before, call.waitMs);
      if (!(await device.isDelivered(call.waitMs))) throw boxAway();
    }
    const did = isAdmitted ? 'admitted' : 'refused';
    call.out.say(`${claim.name} is ${did}.`, { event: did, name: claim.name });
    return undefined;
  },
};
