import type { ClosingView } from '#client/closing-model.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import type { Call, Command } from '../command.ts';
import { boxAway, type Device } from '../device.ts';
import { meant } from '../finding.ts';
import { writeNewFile } from '../new-file.ts';
import { exitCodes, Stop } from '../stop.ts';

const reasons = ['damaged', 'differs', 'missing', 'refused'] as const;

/** The steps of the end, by their names on the command line. */
const steps: Readonly<Record<string, (device: Device, call: Call) => Promise<void>>> = {
  status: () => Promise.resolve(),
  'give-up': ({ client }) => client.giveUpDevices(),
  'fetch-record': fetchRecord,
  'sign-receipt': ({ client }) => client.signReceipt(),
  dispute: ({ client }, { words }) => {
    const why = reasons.find((one) => one === words[1]);
    if (!why) throw new Stop(`Say why: ${reasons.join(', ')}.`, exitCodes.usage);
    return client.disputeRecord(why);
  },
  'go-on': ({ client, mission }, { words }) => {
    const { parties } = mission.charter;
    const party = meant(
      'party',
      words[1] ?? '',
      parties,
      ({ code }) => code,
      (one) => one.name,
    );
    return client.goOnWithout(party.slot);
  },
  certificate: saveCertificate,
  leave: ({ client }) => client.leaveMission(),
};

/** The end of a mission, step by step. */
export const close: Command = {
  name: 'close',
  usage: 'STEP [--output PATH]',
  summary: 'the end: save and check the record, sign the receipt, fetch the certificate',
  help: `
After the vote to close has passed (vote propose close), in this order:

  status               how far the end is
  give-up              devices of the own party that are missing are not waited for
  fetch-record         fetches the record (goes on where it stopped), checks every commit and every
                       signature in it, and writes it to --output
  sign-receipt         the party has the record; goes out when all the others have it too
  dispute WHY          the wipe shall wait: ${reasons.join(', ')}
  go-on PARTY          go on without a party, after the waiting time
  certificate          what the box signed when it had erased everything; to --output
  leave                forgets the mission on this device

  npm run client -- close fetch-record --output record.tar`,
  options: { output: { type: 'string' } },
  words: [1, 2],

  async run(call) {
    const [name = ''] = call.words;
    const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
    if (!step) {
      throw new Stop(`The steps are ${Object.keys(steps).join(', ')}.`, exitCodes.usage);
    }
    const device = await call.inMission();
    const isLinked = await device.catchesUp(call.waitMs);
    await step(device, call);
    if (name === 'leave') return undefined;
    if (!(await device.isDelivered(call.waitMs)) || !isLinked) throw boxAway();
    tell(call, device.mission.closing);
    return undefined;
  },
};

async function fetchRecord(device: Device, call: Call): Promise<void> {
  const { client } = device;
  await device.sees(({ mission }) => mission?.closing?.step === 'record', call.waitMs);
  await client.fetchRecord();
  const { problem, state } = device.mission.closing?.record ?? {};
  if (state !== 'held') {
    throw new Stop(problem ? `${problem.says} ${problem.advice}` : 'The record is not here.');
  }
  const output = call.text('output');
  if (output === undefined) return;
  await writeNewFile(call.path(output), (await client.recordFile()) as AsyncIterable<Uint8Array>);
  call.out.note(`The record is in ${output}.`);
}

async function saveCertificate(device: Device, call: Call): Promise<void> {
  await device.sees(({ mission }) => mission?.closing?.certificate, call.waitMs);
  const text = await device.client.certificateText();
  const output = call.text('output');
  if (output !== undefined) await writeNewFile(call.path(output), [utf8(text)]);
  else call.out.json(JSON.parse(text) as object);
}

function tell({ out }: Call, closing: ClosingView | undefined): void {
  if (!closing) {
    out.say('The mission is not being closed.', { event: 'closing', step: 'none' });
    return;
  }
  const { agreed, record, receipt, receipts, step, sync } = closing;
  const waiting = sync.filter(({ devices, done, givenUp }) => done + givenUp < devices).length;
  const words = [
    `Step: ${step}. ${waiting} parties are still syncing.`,
    `Record: ${record ? `${record.state}, ${record.fingerprint}` : 'not built yet'}.`,
    `Agreed: ${agreed.length}. Receipts: ${receipts.length}; ours is ${receipt}.`,
  ];
  out.say(words.join('\n'), { event: 'closing', ...closing });
}
