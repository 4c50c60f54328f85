import { epochId, openBackLink, openBox, type KeyBox } from '../crypto/epoch-box.ts';
import type { AgreementKey } from '../crypto/agreement.ts';
import type { Add } from '../state/kinds/add.ts';
import type { EpochX } from '../state/kinds/epoch.ts';
import type { ShareX } from '../state/kinds/share.ts';
import type { Op } from '../state/op.ts';

/** The X25519 keys that a device can open boxes with. */
export interface OwnKeys {
  /** Fingerprint of this device. */
  device: string;
  /** Fingerprint of its member. */
  member: string;
  /** The device's key, newer pre-keys first (K9). */
  deviceKeys: readonly AgreementKey[];
  /** The member's inbox, for keys that come with an `add`. */
  inbox?: AgreementKey;
}

/**
 * The epoch keys of one conversation that a device holds. Every key is checked against the
 * id that the epoch's commit fixed (K1), so a wrong one is never kept.
 */
export class KeyRing {
  readonly #cid: string;
  readonly #keys = new Map<string, Uint8Array>();
  /** The commit that an epoch's key fits. */
  readonly #epochs = new Map<string, Op>();
  /** Commits that name an epoch: ids are public, so somebody may have copied one. */
  readonly #named = new Map<string, Op[]>();
  /** Keys that came before the epoch they belong to. */
  readonly #early = new Map<string, Uint8Array>();

  constructor(cid: string) {
    this.#cid = cid;
  }

  /** The key of an epoch; 32 bytes. */
  key(eid: string): Uint8Array | undefined {
    return this.#keys.get(eid);
  }

  /** Epochs whose key is held. */
  get held(): readonly string[] {
    return [...this.#keys.keys()];
  }

  /** Puts in a key of ours, or one from the own store; whether it is the right one. */
  put(epoch: Op, key: Uint8Array): boolean {
    const x = epoch.x as EpochX;
    const { d, q } = epoch.envelope;
    if (epochId(this.#cid, key, d, q) !== x.id) return false;
    this.#epochs.set(x.id, epoch);
    this.#keys.set(x.id, key);
    this.#follow(x, key);
    return true;
  }

  /**
   * Opens what a commit has for us: an epoch's box, a share, keys with an invitation.
   * `broken`: a box for us that does not open to the right key (K1, complaint).
   */
  async learn(op: Op, own: OwnKeys): Promise<'learned' | 'nothing' | 'broken'> {
    switch (op.envelope.k) {
      case 'epoch':
        return this.#learnEpoch(op, own);
      case 'share':
        return this.#learnShare(op.x as ShareX, own);
      case 'add':
        return this.#learnAdd(op.x as Add, own);
      default:
        return 'nothing';
    }
  }

  async #learnEpoch(op: Op, own: OwnKeys): Promise<'learned' | 'nothing' | 'broken'> {
    const x = op.x as EpochX;
    this.#named.set(x.id, [...(this.#named.get(x.id) ?? []), op]);
    const early = this.#early.get(x.id);
    if (this.#keys.has(x.id) || (early && this.put(op, early)) || this.#isLinked(op))
      return 'learned';
    const mine = x.boxes.find(([device]) => device === own.device);
    if (mine === undefined) return 'nothing';
    const [, , nonce, box] = mine;
    for (const key of own.deviceKeys) {
      const opened = await openBox(key, x.ek, [nonce, box]);
      if (opened !== undefined) return this.put(op, opened) ? 'learned' : 'broken';
    }
    return 'broken';
  }

  async #learnShare(x: ShareX, own: OwnKeys): Promise<'learned' | 'nothing' | 'broken'> {
    if (x.to !== own.device) return 'nothing';
    let broken = false;
    for (const [i, eid] of x.e.entries()) {
      const opened = await openAny(own.deviceKeys, x.ek, x.box[i] as KeyBox);
      if (opened === undefined || !this.#take(eid, opened)) broken = true;
    }
    return broken ? 'broken' : 'learned';
  }

  async #learnAdd(x: Add, own: OwnKeys): Promise<'learned' | 'nothing' | 'broken'> {
    if (x.m !== own.member || x.h === undefined || own.inbox === undefined) return 'nothing';
    let broken = false;
    for (const [eid, nonce, box, ek] of x.h) {
      const opened = await openAny([own.inbox], ek, [nonce, box]);
      if (opened === undefined || !this.#take(eid, opened)) broken = true;
    }
    return broken ? 'broken' : 'learned';
  }

  #take(eid: string, key: Uint8Array): boolean {
    const named = this.#named.get(eid) ?? [];
    if (this.#keys.has(eid) || named.some((epoch) => this.put(epoch, key))) return true;
    this.#early.set(eid, key);
    return named.length === 0;
  }

  /** Whether a later epoch that is held opens this one (K7). */
  #isLinked(epoch: Op): boolean {
    const { id } = epoch.x as EpochX;
    for (const [later, key] of this.#keys) {
      const link = (this.#epochs.get(later)?.x as EpochX | undefined)?.back?.find(
        ([eid]) => eid === id,
      );
      const opened = link && openBackLink(key, link);
      if (opened && this.put(epoch, opened)) return true;
    }
    return false;
  }

  #follow(x: EpochX, key: Uint8Array): void {
    for (const link of x.back ?? []) {
      const opened = this.#keys.has(link[0]) ? undefined : openBackLink(key, link);
      if (opened !== undefined) this.#take(link[0], opened);
    }
  }
}

async function openAny(
  keys: readonly AgreementKey[],
  ek: string,
  box: KeyBox,
): Promise<Uint8Array | undefined> {
  for (const key of keys) {
    const opened = await openBox(key, ek, box);
    if (opened !== undefined) return opened;
  }
  return undefined;
}
