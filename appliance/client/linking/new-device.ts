import { memberFingerprint, partyFingerprint } from '#protocol/codec/fingerprint.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { readKeys, type PersonKeys } from '#protocol/archive/person-keys.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { apply, subjectKey } from '#protocol/identity/certificate.ts';
import { freshId } from '#protocol/identity/issue.ts';
import {
  codeOfOffer,
  linkId,
  sayAsNew,
  type LinkOffer,
  type NewDeviceSays,
  type Signed,
} from '#protocol/identity/link.ts';
import { linkDigits, verifyLinkAnswer, type LinkAnswer } from '#protocol/identity/link-answer.ts';
import { isOfAnswer, openHandover, type LinkHandover } from '#protocol/identity/link-handover.ts';
import { linkFor } from '#protocol/mission/code.ts';
import type { Engine } from '#protocol/ports.ts';
import type { Clock, DeviceKeys } from '../ports.ts';
import { problem, problemOf, type ProblemCode } from '../problem.ts';
import type { SelfRecord } from '../self.ts';
import type { VaultChange } from '../vault.ts';
import { digitsView } from './digits.ts';
import type { LinkDoor, LinkHeard } from './link-door.ts';
import type { NewDeviceView } from './linking-model.ts';
import { talk } from './talk.ts';

/** What a new device needs of the engine around it. */
export interface NewDeviceDeps {
  engine: Engine;
  clock: Clock;
  door: LinkDoor;
  origin: string;
  /** Fresh keys, used for nothing before. */
  device: DeviceKeys;
  /** Hash of the key of the box here. */
  box: Uint8Array;
  onChange(): void;
  /** The keys are here: all of it is to be kept, or nothing. */
  keep(changes: readonly VaultChange[]): Promise<void>;
  /** They are kept. */
  onLinked(self: SelfRecord): Promise<void>;
}

/**
 * The device that a person wants to use as well (J9): shows a public code, compares digits, asks
 * for its certificate only when the person said here that they match, and takes the keys over.
 * Nothing of it is kept before: a page that is closed begins anew, with other keys.
 */
export class NewDevice {
  readonly #deps: NewDeviceDeps;
  readonly #offer: LinkOffer;
  readonly #id: string;
  readonly #said: Signed<NewDeviceSays>[] = [];
  #commit: string | undefined;
  #answer: LinkAnswer | undefined;
  #nonce: string | undefined;
  #step: NewDeviceView['step'] = 'code';
  #problem: ProblemCode | undefined;

  constructor(deps: NewDeviceDeps) {
    this.#deps = deps;
    const { box, device, engine } = deps;
    this.#offer = {
      b: toB64u(box),
      n: toB64u(engine.random(16)),
      pk: toB64u(device.signer.publicKey),
      x: toB64u(device.agreement.publicKey),
    };
    this.#id = linkId(codeOfOffer(this.#offer));
  }

  view(): NewDeviceView {
    const code = linkFor(this.#deps.origin, { kind: 'device', ...codeOfOffer(this.#offer) });
    const hasDigits = this.#step === 'compare' || this.#step === 'waiting';
    return {
      step: this.#step,
      code,
      ...(hasDigits &&
        this.#answer &&
        this.#nonce !== undefined && {
          compare: digitsView(linkDigits(this.#id, this.#answer, this.#nonce)),
        }),
      ...(this.#problem && { problem: problemOf(this.#problem) }),
    };
  }

  /** Shows the offer and follows the link until it is over or `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, door } = this.#deps;
    await talk(
      {
        clock,
        isOver: () => this.#step === 'ended' || this.#step === 'arriving',
        hear: (heard) => door.hear(this.#id, heard, signal),
        repeat: (heard) => this.#repeat(heard, signal),
        take: (heard) => this.#take(heard, signal),
        onUnknown: () => door.offer(this.#offer, signal).catch(() => undefined),
        onRefusal: () => this.#end('LINK_REFUSED'),
      },
      signal,
    );
  }

  /** The person compared the digits here. */
  async compare(matches: boolean, signal: AbortSignal): Promise<void> {
    const { device, engine } = this.#deps;
    if (this.#step !== 'compare' || !this.#answer) throw problem('FOUNDING_STEP');
    if (!matches) {
      await this.#tell({ k: 'end', why: 'differs' }, signal);
      this.#end('LINK_DIFFERS');
      return;
    }
    const { pk, x } = this.#offer;
    const m = memberFingerprint(subjectKey(this.#answer.by.m.c));
    const body = { v: 1, t: 'device', id: freshId(engine), pk, x, m } as const;
    this.#step = 'waiting';
    await this.#tell({ k: 'apply', d: await apply(body, device.signer) }, signal);
    this.#deps.onChange();
  }

  /** Tells the other device that this one goes no further. */
  async leave(signal: AbortSignal): Promise<void> {
    if (this.#step === 'ended' || this.#answer === undefined) return;
    await this.#tell({ k: 'end', why: 'cancelled' }, signal);
  }

  async #take(heard: LinkHeard, signal: AbortSignal): Promise<void> {
    for (const say of heard.old) {
      if (this.#step === 'ended' || this.#step === 'arriving') return;
      if (say.k === 'commit') await this.#bind(say.h, signal);
      else if (say.k === 'answer') await this.#believe(say.a);
      else if (say.k === 'handover') await this.#takeOver(say.h, signal);
      else this.#end(say.why === 'differs' ? 'LINK_DIFFERS' : 'LINK_CANCELLED');
    }
  }

  /** The first binding stays, and only then this device says its own bytes: nobody can search. */
  async #bind(commit: string, signal: AbortSignal): Promise<void> {
    if (this.#commit !== undefined) return;
    this.#commit = commit;
    this.#nonce = toB64u(this.#deps.engine.random(16));
    await this.#tell({ k: 'nonce', n: this.#nonce }, signal);
  }

  async #believe(answer: LinkAnswer): Promise<void> {
    if (this.#answer) return;
    const commit = this.#commit ?? '';
    const verdict = await verifyLinkAnswer(this.#deps.engine, this.#id, commit, answer);
    if (!verdict.ok) {
      this.#end('LINK_FALSE');
      return;
    }
    this.#answer = answer;
    this.#step = 'compare';
    this.#deps.onChange();
  }

  /** Taken only after the person said here that the digits match. */
  async #takeOver(handed: LinkHandover, signal: AbortSignal): Promise<void> {
    const answer = this.#answer;
    if (this.#step !== 'waiting' || !answer) return;
    const { agreement } = this.#deps.device;
    const of = { offer: this.#offer, answer, agreement };
    const opened = await openHandover(this.#deps.engine, this.#id, of, handed);
    const keys = opened.ok ? readKeys(opened.value) : opened;
    if (!keys.ok || !isWhole(answer, keys.value)) {
      this.#end('LINK_FALSE');
      return;
    }
    this.#step = 'arriving';
    this.#deps.onChange();
    const self = this.#selfOf(keys.value);
    await this.#deps.keep([{ key: 'self', value: self }, ...changesOf(keys.value)]);
    await this.#tell({ k: 'arrived' }, signal);
    await this.#deps.onLinked(self);
  }

  #selfOf({ cid, code, inbox, member, mission, name, party, pfp }: PersonKeys): SelfRecord {
    return {
      cid,
      party: pfp,
      box: this.#offer.b,
      secrets: {
        ...(party && { party: toB64u(party) }),
        member: toB64u(member),
        inbox: toB64u(inbox),
        device: toB64u(this.#deps.engine.random(32)),
      },
      displayName: name,
      mission,
      partyName: code,
    };
  }

  async #tell(say: NewDeviceSays, signal: AbortSignal): Promise<void> {
    const said = await sayAsNew(this.#id, this.#deps.device.signer, say);
    this.#said.push(said);
    // What does not get through now is said again by the loop.
    await this.#deps.door.sayNew(this.#id, said, signal).catch(() => undefined);
  }

  async #repeat({ new: got }: LinkHeard, signal: AbortSignal): Promise<boolean> {
    const lost = this.#said.filter(({ say }) => !got.some((one) => one.say.k === say.k));
    for (const said of lost) await this.#deps.door.sayNew(this.#id, said, signal);
    return lost.length > 0;
  }

  #end(code: ProblemCode): void {
    this.#step = 'ended';
    this.#problem = code;
    this.#deps.onChange();
  }
}

/** Whether the keys are those of the person and the party that the digits were about. */
function isWhole(answer: LinkAnswer, { cid, inbox, member, party, pfp }: PersonKeys): boolean {
  const publics = {
    cid,
    pfp,
    member: seedSigner(member).publicKey,
    inbox: scalarKey(inbox).publicKey,
  };
  const isParty = party === undefined || partyFingerprint(seedSigner(party).publicKey) === pfp;
  return isParty && isOfAnswer(answer, publics).ok;
}

/** The group keys, where a conversation looks for its own; and a mark that all of it is old news. */
function changesOf({ epochs }: PersonKeys): VaultChange[] {
  const keys = epochs.map(({ cid, eid, key }) => ({
    key: `epoch/${cid}/${eid}`,
    value: toB64u(key),
  }));
  return [...keys, { key: 'linked', value: 1 }];
}
