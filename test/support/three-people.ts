import { laptop, Person, phone } from './person.ts';

/** Two leads and a colleague in the room of all parties, each in a browser of their own. */
export interface ThreePeople {
  red: Person;
  blue: Person;
  colleague: Person;
}

/** The address that a screen shows below its QR code. */
async function shownAddress(person: Person): Promise<string> {
  const line = person.page.getByText(/https:\/\/[^ ]*#\/j\//).first();
  return (await line.innerText()).trim();
}

/** Names that a test searches for afterwards. */
export interface Names {
  mission: string;
  colleague: string;
}

/** Founds a mission through the screens and opens the first conversation everywhere. */
export async function meet(
  boxAddress: string,
  names: Names = { mission: 'Flood response', colleague: 'Omar' },
): Promise<ThreePeople> {
  const red = await Person.arrive('Red’s lead', laptop);
  const blue = await Person.arrive('Blue’s lead', laptop);
  const colleague = await Person.arrive('Red’s colleague', phone);
  for (const person of [red, blue, colleague]) await person.page.addInitScript(recordConnections);
  await red.open(boxAddress);
  await red.press('Found a mission');
  await red.type('Mission name', names.mission);
  await red.type('Purpose', 'Coordinate help after the flood.');
  for (const [n, name] of ['Red', 'Blue'].entries()) {
    await red.type(`Name of party ${n + 1}`, name);
    await red.type(`Code of party ${n + 1}`, name.slice(0, 1));
  }
  await red.press('Propose mission');
  await found(red, 'Red', 'Alice');
  await red.press('Show join code for Blue');
  await blue.open(await shownAddress(red));
  await red.press('Close');
  await found(blue, 'Blue', 'Noor');
  for (const lead of [red, blue]) await lead.press('It matches');
  for (const lead of [red, blue]) {
    await lead.type(/^Type SIGN/, 'SIGN');
    await lead.press('Sign the charter');
  }
  for (const lead of [red, blue]) await lead.sees('The mission is founded');
  await red.press('Invite your people');
  await red.press('Make invitation');
  await colleague.open(await shownAddress(red));
  await colleague.type('Your name', names.colleague);
  await colleague.press('Join');
  await colleague.sees('Read these digits to the lead');
  await red.page.getByRole('link', { name: /^Chats/ }).click();
  await red.press(new RegExp(`${names.colleague} wants to join your party`));
  await red.press('It matches');
  await colleague.sees('All parties');
  await blue.press('Open chats');
  for (const person of [red, blue, colleague]) {
    await person.page.getByText('All parties').first().click();
  }
  // Whoever has read this can be rung and has the keys of the room.
  await red.says('We are three.');
  for (const person of [blue, colleague]) await person.sees('We are three.');
  return { red, blue, colleague };
}

async function found(lead: Person, party: string, name: string): Promise<void> {
  await lead.page.getByRole('radio', { name: new RegExp(party) }).check({ force: true });
  await lead.type('Your name', name);
  await lead.press('We are this party');
  await lead.press('Make party key');
}

/** Keeps the page's connections where a test can ask them what they have decoded; runs in the page. */
export function recordConnections(): void {
  const page = globalThis as unknown as { connections: RTCPeerConnection[] };
  page.connections = [];
  const Native = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      page.connections.push(this);
    }
  };
}

/** What a browser has decoded in the connections that are open now. */
export interface Decoded {
  /** Pictures of each stream that has any. */
  frames: number[];
  /** Energy of each sound that was heard. */
  energies: number[];
  /** Kinds of the addresses in use, such as `relay`. */
  ways: string[];
}

/** Somebody in whose page a test can run something, in whatever browser. */
export interface Asked {
  page: { evaluate(run: () => Promise<Decoded>): Promise<Decoded> };
}

/** Asks the browser itself, not the app. */
export function decodedBy(person: Asked): Promise<Decoded> {
  return person.page.evaluate(async () => {
    const { connections } = globalThis as unknown as { connections: RTCPeerConnection[] };
    const open = connections.filter((one) => one.connectionState !== 'closed');
    // Whoever closes a connection in this moment may leave the question without an answer.
    const late = () => new Promise<undefined>((done) => setTimeout(done, 2000, undefined));
    const stats = await Promise.all(open.map((one) => Promise.race([one.getStats(), late()])));
    const reports = stats.flatMap((one) => [
      ...((one?.values() ?? []) as Iterable<Record<string, unknown>>),
    ]);
    const inbound = reports.filter(({ type }) => type === 'inbound-rtp');
    const numbers = (kind: string, key: string) =>
      inbound.flatMap((one) =>
        one['kind'] === kind && Number(one[key]) > 0 ? Number(one[key]) : [],
      );
    const pairs = reports.filter((one) => one['type'] === 'candidate-pair' && one['nominated']);
    const ends = pairs.flatMap((one) => [one['localCandidateId'], one['remoteCandidateId']]);
    return {
      frames: numbers('video', 'framesDecoded'),
      energies: numbers('audio', 'totalAudioEnergy'),
      ways: reports.flatMap(({ candidateType, id }) =>
        ends.includes(id) ? String(candidateType) : [],
      ),
    };
  });
}
