import type { MissionDraft, Threshold } from '#client/model.ts';
import type { Call, Command } from '../command.ts';
import { boxAway, type Device } from '../device.ts';
import { exitCodes, Stop } from '../stop.ts';
import { answered } from '../question.ts';

/** How long the first conversation may take after all have signed: others may be slow. */
const firstRoomMs = 60_000;

/** Founds a mission, or takes part in a founding. */
export const found: Command = {
  name: 'found',
  usage: '[LINK] --as PARTY --name NAME [what to propose]',
  summary: 'found a mission: propose, take a party, compare the safety code, sign',
  help: `
Without a LINK, or with the LINK that the box shows on its screen, proposes a mission and prints the
link for the leads of the other parties. With a join LINK, takes part in what was proposed. Everybody
then sees the same safety code, or somebody stands between them: compare it aloud before you say yes.
If the program is ended, the same command goes on where it was.

  --as PARTY            the party that this device founds for
  --name NAME           the name of the person
  --mission TEXT        name of the mission
  --purpose TEXT        what it is for
  --party NAME[:CODE]   a party, once for each; the code is one or two letters
  --history all|join|none   what newcomers can read of the past (all)
  --add-party, --close majority|two-thirds|all   what decides (all; all)
  --wipe-after HOURS    how long the wipe waits for receipts (24)
  --start-over          end the founding that is open; needs the LINK of the box's own screen
  --safety-code DIGITS  signs if the code is this one, else says that it differs
  --unchecked           signs whatever the code is: for tests on a network of one's own

  npm run client -- found --box https://192.168.1.5:8443 --mission "Flood response" \\
    --party Red --party Blue --as Red --name Rosa`,
  options: {
    as: { type: 'string' },
    name: { type: 'string' },
    mission: { type: 'string' },
    purpose: { type: 'string' },
    party: { type: 'string', multiple: true },
    history: { type: 'string' },
    'add-party': { type: 'string' },
    close: { type: 'string' },
    'wipe-after': { type: 'string' },
    'start-over': { type: 'boolean' },
    'safety-code': { type: 'string' },
    unchecked: { type: 'boolean' },
  },
  words: [0, 1],

  async run(call) {
    const [link] = call.words;
    const device = await call.open(link);
    const { client } = device;
    if (client.view().stage === 'welcome') {
      if (link !== undefined) await client.enter(link);
      if (client.view().stage === 'welcome') {
        await client.propose(draftOf(call), call.flag('start-over'));
      }
    }
    const { joinLink } = client.view().founding ?? {};
    if (joinLink !== undefined) {
      call.out.say(`Join link for the other leads: ${joinLink}`, {
        event: 'join-link',
        link: joinLink,
      });
    }
    await take(device, call);
    await compare(device, call);
    await sign(device, call);
    return settle(device, call);
  },
};

async function take(device: Device, call: Call): Promise<void> {
  const founding = device.view.founding;
  if (founding?.step !== 'party' || founding.ended) return;
  const [as, name] = [call.text('as'), call.text('name')];
  if (as === undefined || name === undefined) {
    throw new Stop('Say for which party with --as, and your name with --name.', exitCodes.usage);
  }
  const party = founding.charter.parties.find((one) => one.name === as || one.code === as);
  if (!party) {
    const names = founding.charter.parties.map((one) => one.name).join(', ');
    throw new Stop(`There is no party ${as} in this founding, only ${names}.`, exitCodes.usage);
  }
  await device.client.takeParty(party.slot, name);
  call.out.note(`You are ${name} of ${party.name}. Waiting for the other parties.`);
}

async function compare(device: Device, call: Call): Promise<void> {
  await reached(device, call, ['code', 'sign', 'waiting', 'founded']);
  const { code, step } = device.view.founding ?? {};
  if (step !== 'code' || !code) return;
  const digits = code.digits.replace(/(....)(?=.)/g, '$1 ');
  call.out.say(`Safety code: ${digits}`, { event: 'safety-code', digits: code.digits });
  const told = call.text('safety-code')?.replace(/\D/g, '');
  const matches =
    call.flag('unchecked') ||
    (told !== undefined
      ? told === code.digits
      : await answered('Do all the others see the same? yes or no: ', call.signal));
  await device.client.compareCode(matches);
  if (!matches)
    throw new Stop('You said that the codes differ. The founding is over; nobody is bound.');
}

async function sign(device: Device, call: Call): Promise<void> {
  await reached(device, call, ['sign', 'waiting', 'founded']);
  if (device.view.founding?.step === 'sign') await device.client.signCharter();
}

async function settle(device: Device, call: Call): Promise<undefined> {
  await reached(device, call, []);
  const { charter, me } = device.mission;
  const isOpen = await device.sees(({ mission }) => {
    const [first] = mission?.conversations ?? [];
    return first && first.memberCount >= charter.parties.length;
  }, firstRoomMs);
  if (!isOpen || !(await device.isDelivered())) throw boxAway();
  const words = `The mission "${charter.name}" is founded. You speak for ${charter.parties[me.slot]?.name}.`;
  call.out.say(words, { event: 'founded', mission: charter.name, slot: me.slot, person: me.id });
  return undefined;
}

/** Waits until the founding is at one of these steps, or the mission is there. */
async function reached(device: Device, call: Call, steps: readonly string[]): Promise<void> {
  const isThere = await device.sees(({ founding, stage }) => {
    if (founding?.ended) return founding.ended;
    return stage === 'mission' || (founding && steps.includes(founding.step));
  }, call.waitMs);
  if (!isThere)
    throw new Stop('The others were not ready in time. The same command goes on from here.');
  if (typeof isThere === 'object') throw new Stop(`${isThere.says} ${isThere.advice}`);
}

function draftOf(call: Call): MissionDraft {
  const mission = call.text('mission');
  const parties = call.texts('party').map((text) => {
    const [name = '', code] = text.split(':');
    return { name, code: code ?? name.slice(0, 1).toUpperCase() };
  });
  if (mission === undefined || parties.length < 2) {
    const advice = 'To propose, give --mission and two --party; to take part, give the join link.';
    throw new Stop(advice, exitCodes.usage);
  }
  return {
    name: mission,
    purpose: call.text('purpose') ?? '',
    parties,
    history: oneOf(call, 'history', ['all', 'join', 'none'], 'all'),
    addParty: oneOf(call, 'add-party', thresholds, 'all'),
    close: oneOf(call, 'close', thresholds, 'all'),
    wipeAfterHours: hoursOf(call.text('wipe-after') ?? '24'),
  };
}

const thresholds: readonly Threshold[] = ['majority', 'two-thirds', 'all'];

function oneOf<T extends string>(call: Call, option: string, allowed: readonly T[], usual: T): T {
  const given = call.text(option) ?? usual;
  const found = allowed.find((one) => one === given);
  if (found !== undefined) return found;
  throw new Stop(`--${option} takes one of ${allowed.join(', ')}.`, exitCodes.usage);
}

function hoursOf(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new Stop('--wipe-after takes a number of hours.', exitCodes.usage);
}
