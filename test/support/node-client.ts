import { Client } from '#client/client.ts';
import type { ClosingView } from '#client/closing-model.ts';
import type { ClientView, ConversationView, MessageView, MissionView } from '#client/model.ts';
import { MemoryKeys } from './client/memory-keys.ts';
import { MemoryParts, memoryFiles } from './client/memory-parts.ts';
import { MemoryStorage } from './client/memory-storage.ts';
import { BentNetwork } from './client/bent-network.ts';
import { nodeClock } from '../../appliance/terminal/platform/node-clock.ts';
import { nodeEngine } from '../../appliance/terminal/platform/node-engine.ts';
import { nodeZlib } from '../../appliance/terminal/platform/node-zlib.ts';
import { until } from './until.ts';

/** The client engine on Node: the same as in a browser, with storage and keys in memory. */
export class NodeClient {
  readonly name: string;
  readonly network: BentNetwork;
  readonly keys = new MemoryKeys();
  readonly parts = new MemoryParts();
  storage = new MemoryStorage();
  client: Client;
  /** How far the device's clock is ahead, milliseconds. */
  aheadMs = 0;

  readonly #isTaken: boolean;

  private constructor(name: string, origin: string, isTaken: boolean) {
    this.name = name;
    this.#isTaken = isTaken;
    this.network = new BentNetwork(origin);
    this.client = this.#make();
  }

  /** `isTaken`: another tab of the device holds its place. */
  static async start(name: string, origin: string, { isTaken = false } = {}): Promise<NodeClient> {
    const one = new NodeClient(name, origin, isTaken);
    await one.client.start();
    return one;
  }

  #make(): Client {
    return new Client({
      clock: { ...nodeClock, now: () => nodeClock.now() + this.aheadMs },
      network: this.network,
      storage: this.storage,
      keys: this.keys,
      engine: () => Promise.resolve(nodeEngine),
      zlib: nodeZlib,
      files: memoryFiles(this.parts),
      place: { take: () => Promise.resolve(!this.#isTaken), leave: () => undefined },
    });
  }

  /** Closes the laptop and opens it again: only what was on disk is left. */
  async restart(): Promise<void> {
    await this.stop();
    await this.open();
  }

  async stop(): Promise<void> {
    await this.client.stop();
  }

  /** Starts with what a power cut at this moment would have left, or with an older disk. */
  async open(disk = this.storage.image()): Promise<void> {
    this.storage = new MemoryStorage(disk);
    this.client = this.#make();
    await this.client.start();
  }

  get view(): ClientView {
    return this.client.view();
  }

  get mission(): MissionView {
    const { mission } = this.view;
    if (!mission) throw new Error(`${this.name} is in no mission: ${JSON.stringify(this.view)}`);
    return mission;
  }

  /** The end of the mission as it is shown. */
  get closing(): ClosingView {
    const { closing } = this.mission;
    if (!closing)
      throw new Error(`${this.name} sees no end: ${JSON.stringify(this.mission.votes)}`);
    return closing;
  }

  /** The conversation of that title. */
  conversation(title: string): ConversationView | undefined {
    return this.view.mission?.conversations.find((one) => one.title === title);
  }

  messages(title: string): readonly MessageView[] {
    const conversation = this.conversation(title);
    return conversation ? this.client.messages(conversation.cid) : [];
  }

  /** Texts in display order. */
  texts(title: string): string[] {
    return this.messages(title).flatMap(({ kind, text }) => (kind === 'text' ? [text] : []));
  }

  /** Waits until `ask` says yes of the view; says what it saw instead if it does not come. */
  async sees(what: string, ask: (one: this) => unknown, deadlineMs = 20_000): Promise<void> {
    try {
      await until(what, () => Boolean(ask(this)), deadlineMs);
    } catch {
      const { founding, joining, link, mission, problem, stage } = this.view;
      const { closing, votes } = mission ?? {};
      const seen = { stage, link, problem, step: founding?.step ?? joining?.step, closing, votes };
      const rooms = mission?.conversations.map(({ title }) => [title, this.texts(title)]);
      throw new Error(`${this.name} does not see: ${what}; ${JSON.stringify({ ...seen, rooms })}`);
    }
  }

  async send(title: string, text: string): Promise<void> {
    const conversation = this.conversation(title);
    if (!conversation) throw new Error(`${this.name} has no conversation ${title}`);
    await this.client.send(conversation.cid, text);
  }
}

/** What a test mission has that is not the usual. */
export interface Wish {
  history?: 'all' | 'join' | 'none';
  /** Names of parties and of their leads, in the order of the slots. */
  leads?: readonly (readonly [party: string, lead: string])[];
}

const twoLeads = [
  ['Red', 'Rosa'],
  ['Blue', 'Bela'],
] as const;

/** The leads of all parties found a mission on a box, step by step together, as in one room. */
export async function foundTogether(origin: string, wish: Wish = {}): Promise<NodeClient[]> {
  const leads = wish.leads ?? twoLeads;
  const people = await Promise.all(leads.map(([, lead]) => NodeClient.start(lead, origin)));
  const [first] = people;
  await first?.client.propose({
    name: 'Flood response',
    purpose: 'Help where the river rose',
    history: wish.history ?? 'all',
    addParty: 'all',
    close: 'two-thirds',
    wipeAfterHours: 24,
    parties: leads.map(([name]) => ({ name, code: name.slice(0, 1) })),
  });
  for (const [slot, one] of people.entries()) {
    await one.client.enter(first?.view.founding?.joinLink ?? '');
    await one.client.takeParty(slot, one.name);
  }
  for (const one of people) {
    await one.sees('the safety code', ({ view }) => view.founding?.step === 'code');
  }
  for (const one of people) await one.client.compareCode(true);
  for (const one of people) await one.client.signCharter();
  for (const one of people) {
    await one.sees('the first room', (seen) => seen.conversation('All parties'));
  }
  return people;
}

/** Red's and Blue's leads found a mission. */
export async function foundMission(origin: string): Promise<{ red: NodeClient; blue: NodeClient }> {
  const [red, blue] = await foundTogether(origin);
  if (!red || !blue) throw new Error('two leads were asked for');
  return { red, blue };
}

/** A lead invites somebody, who joins from a device of their own. */
export async function joinedBy(lead: NodeClient, name: string): Promise<NodeClient> {
  const { link = '' } = await lead.client.invite('person', 1);
  const person = await NodeClient.start(name, lead.network.origin);
  await lead.sees('the invitation at the box', ({ view }) => view.link.state !== 'none');
  await person.client.enter(link);
  await person.client.join(name);
  await lead.sees('the request', ({ view }) => (view.mission?.claims.length ?? 0) > 0);
  const claim = lead.mission.claims[0];
  await person.sees('the digits', ({ view }) => view.joining?.digits !== undefined);
  if (!claim || claim.digits !== person.view.joining?.digits) throw new Error('other digits');
  await lead.client.answerClaim(claim.id, true);
  await person.sees('the first room', (seen) => seen.conversation('All parties'));
  return person;
}
