import type { Json } from '#protocol/codec/canonical-json.ts';
import { keysText, type PersonKeys } from '#protocol/archive/person-keys.ts';
import { issue } from '#protocol/identity/certificate.ts';
import type { Application, DeviceBody } from '#protocol/identity/certificate-form.ts';
import type { Chain } from '#protocol/identity/chain.ts';
import {
  checkOffer,
  linkId,
  verifyNewSays,
  type LinkCode,
  type LinkOffer,
  type NewDeviceSays,
  type Signed,
} from '#protocol/identity/link.ts';
import {
  answerLink,
  linkCommit,
  linkDigits,
  type LinkAnswer,
} from '#protocol/identity/link-answer.ts';
import { checkApplication, handOver } from '#protocol/identity/link-handover.ts';
import type { OldDeviceSays } from '#protocol/identity/link-says.ts';
import type { Engine } from '#protocol/ports.ts';
import type { Clock } from '../ports.ts';
import { problem, problemOf, shown, type ProblemCode } from '../problem.ts';
import type { Self } from '../self.ts';
import { digitsView } from './digits.ts';
import type { LinkDoor, LinkHeard } from './link-door.ts';
import type { OldDeviceView } from './linking-model.ts';
import { talk } from './talk.ts';

/** What the device in the mission needs for one link. */
export interface OldDeviceDeps {
  engine: Engine;
  clock: Clock;
  door: LinkDoor;
  self: Self;
  cid: string;
  chain: Chain;
  /** The person's keys as of now. */
  keys(): PersonKeys;
  /** Writes the new device into the mission, once; resolves when the box has it. */
  enrol(d: { [key: string]: Json }, signal: AbortSignal): Promise<void>;
  onChange(): void;
}

/** Group keys that are handed over; older ones follow from them or are shared in the mission. */
const mostEpochs = 2_000;
/** How often a link is looked for that the box does not know, a second apart. */
const mostLooks = 30;

/** One link, seen from the device that is in the mission (J9). */
export class OldDevice {
  readonly #deps: OldDeviceDeps;
  readonly #id: string;
  readonly #said: OldDeviceSays[] = [];
  #answer: LinkAnswer | undefined;
  /** What binds this device to its answer. */
  #commit: string | undefined;
  #offer: LinkOffer | undefined;
  #nonce: string | undefined;
  #application: Application<DeviceBody> | undefined;
  /** What the person said here: undefined until the digits were compared. */
  #confirmed: { withParty: boolean } | undefined;
  #step: OldDeviceView['step'] = 'connecting';
  #problem: ProblemCode | undefined;
  #looks = 0;

  constructor(deps: OldDeviceDeps, code: LinkCode) {
    this.#deps = deps;
    this.#id = linkId(code);
  }

  view(): OldDeviceView {
    const hasDigits = this.#step === 'compare' || this.#step === 'waiting';
    return {
      step: this.#step,
      hasPartyKey: this.#deps.self.party !== undefined,
      ...(hasDigits &&
        this.#answer &&
        this.#nonce !== undefined && {
          compare: digitsView(linkDigits(this.#id, this.#answer, this.#nonce)),
        }),
      ...(this.#problem && { problem: problemOf(this.#problem) }),
    };
  }

  /** Whether nothing more comes of it. */
  get isOver(): boolean {
    return this.#step === 'ended' || this.#step === 'done';
  }

  /** Answers the offer and follows the link until it is over or `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { chain, cid, clock, door, engine, self } = this.#deps;
    this.#answer = await answerLink(this.#id, cid, chain, self.device.signer, engine.random(16));
    this.#commit = linkCommit(this.#id, this.#answer);
    this.#said.push({ k: 'commit', h: this.#commit });
    await talk(
      {
        clock,
        isOver: () => this.isOver,
        hear: (heard) => door.hear(this.#id, heard, signal),
        repeat: (heard) => this.#repeat(heard, signal),
        take: (heard) => this.#take(heard, signal),
        onUnknown: () => this.#lookAgain(),
        onRefusal: (code) => this.#end(code === 'SWARM_LINK_TAKEN' ? 'LINK_TAKEN' : 'LINK_REFUSED'),
      },
      signal,
    );
  }

  /** The person compared the digits here. */
  async compare(matches: boolean, withParty: boolean, signal: AbortSignal): Promise<void> {
    if (this.#step !== 'compare') throw problem('FOUNDING_STEP');
    if (!matches) {
      await this.#tell({ k: 'end', why: 'differs' }, signal);
      this.#end('LINK_DIFFERS');
      return;
    }
    this.#confirmed = { withParty };
    this.#step = 'waiting';
    this.#deps.onChange();
    // The screen goes on: the box may take its time, or be away.
    void this.#finish(signal);
  }

  /** Tells the other device that nothing comes of it. */
  async leave(signal: AbortSignal): Promise<void> {
    const isOpen =
      this.#step === 'connecting' || this.#step === 'compare' || this.#step === 'waiting';
    if (isOpen) await this.#tell({ k: 'end', why: 'cancelled' }, signal);
  }

  async #take(heard: LinkHeard, signal: AbortSignal): Promise<void> {
    this.#looks = 0;
    const first = heard.old[0];
    if (first?.k === 'commit' && first.h !== this.#commit) {
      this.#end('LINK_TAKEN');
      return;
    }
    if (!this.#offer) {
      const { offer } = heard;
      if (!offer || !checkOffer(offer, this.#id).ok) {
        this.#end('LINK_FALSE');
        return;
      }
      this.#offer = offer;
    }
    for (const said of heard.new) {
      // Of what the device did not sign nothing counts, whoever put it there.
      if ((await verifyNewSays(this.#deps.engine, this.#offer, said)).ok) {
        await this.#hear(this.#offer, said, signal);
      }
    }
  }

  async #hear(
    offer: LinkOffer,
    { say }: Signed<NewDeviceSays>,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.isOver) return;
    if (say.k === 'nonce') {
      if (this.#nonce !== undefined || !this.#answer) return;
      this.#nonce = say.n;
      this.#step = 'compare';
      this.#deps.onChange();
      await this.#tell({ k: 'answer', a: this.#answer }, signal);
    } else if (say.k === 'apply') {
      await this.#consider(offer, say.d, signal);
    } else if (say.k === 'arrived') {
      if (this.#step === 'handing-over') this.#move('done');
    } else if (this.#step !== 'handing-over') {
      this.#end(say.why === 'differs' ? 'LINK_DIFFERS' : 'LINK_CANCELLED');
    }
  }

  /** The person said on the new device that the digits match. */
  async #consider(
    offer: LinkOffer,
    application: Application<DeviceBody>,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#application || this.#nonce === undefined) return;
    const { engine, self } = this.#deps;
    const verdict = await checkApplication(engine, offer, self.member.publicKey, application);
    if (!verdict.ok) {
      this.#end('LINK_FALSE');
      return;
    }
    this.#application = application;
    await this.#finish(signal);
  }

  /** Once it was said on both: certificate, mission, keys. */
  async #finish(signal: AbortSignal): Promise<void> {
    const application = this.#application;
    if (!application || !this.#confirmed || this.#step !== 'waiting') return;
    this.#move('handing-over');
    const { engine, self } = this.#deps;
    const d = await issue(application, self.member);
    try {
      await this.#deps.enrol({ d } as unknown as { [key: string]: Json }, signal);
      const h = await handOver(engine, this.#id, self.device.signer, d, this.#text());
      await this.#tell({ k: 'handover', h }, signal);
    } catch (error) {
      if (!signal.aborted) this.#end(shown(error).problem.code as ProblemCode);
    }
  }

  /** Without the charter's words: the new device checks those of the mission itself. */
  #text(): string {
    const { names: _names, party, epochs, ...keys } = this.#deps.keys();
    const isLead = party !== undefined && this.#confirmed?.withParty === true;
    return keysText({
      ...keys,
      epochs: epochs.slice(-mostEpochs),
      ...(isLead && { party }),
    });
  }

  async #tell(say: OldDeviceSays, signal: AbortSignal): Promise<void> {
    this.#said.push(say);
    // What does not get through now is said again by the loop.
    await this.#deps.door.sayOld(this.#id, say, signal).catch(() => undefined);
  }

  async #repeat({ old: got }: LinkHeard, signal: AbortSignal): Promise<boolean> {
    const lost = this.#said.filter(({ k }) => !got.some((one) => one.k === k));
    for (const say of lost) await this.#deps.door.sayOld(this.#id, say, signal);
    return lost.length > 0;
  }

  #lookAgain(): Promise<void> {
    this.#looks += 1;
    if (this.#looks > mostLooks) this.#end('LINK_GONE');
    return Promise.resolve();
  }

  #move(step: OldDeviceView['step']): void {
    this.#step = step;
    this.#deps.onChange();
  }

  #end(code: ProblemCode): void {
    this.#problem = code;
    this.#move('ended');
  }
}
