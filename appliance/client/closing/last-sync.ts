import type { Json } from '#protocol/codec/canonical-json.ts';
import { H } from '#protocol/codec/hash.ts';
import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import type { Engine } from '#protocol/ports.ts';
import { missingDevices } from '#protocol/state/end.ts';
import type { OpenRoom, Rooms } from '../rooms.ts';
import type { Vault } from '../vault.ts';
import type { Voice } from './voice.ts';

export interface LastSyncDeps {
  engine: Engine;
  vault: Vault;
  rooms: Rooms;
  voice: Voice;
}

/** Where this device keeps the nonce of its last `final`. */
const nonceKey = 'end/nonce';

/** The last sync of this device (T3): everything to the box, then `final`: no more comes from here. */
export class LastSync {
  readonly #deps: LastSyncDeps;
  #nonce: string | undefined;
  /** A `final` takes the place of the one before: two at once would forget each other's words. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: LastSyncDeps) {
    this.#deps = deps;
  }

  async open(): Promise<void> {
    this.#nonce = await this.#deps.vault.get<string>(nonceKey);
  }

  /** Messages written here that the box does not have. */
  get unsent(): number {
    return this.#deps.rooms.all().reduce((sum, { room: { swarm } }) => {
      const texts = swarm.outbox.pending.filter(
        ({ sid }) => swarm.replica.commit(sid)?.envelope.k === 'msg',
      );
      return sum + texts.length;
    }, 0);
  }

  /** The nonce that the device's last `final` commits to, b64u; undefined if it commits to none. */
  get nonce(): string | undefined {
    const { state, self } = this.#deps.voice;
    const nonce = this.#nonce === undefined ? undefined : fromB64u(this.#nonce, 32);
    const said = state.end.finals.get(self.dfp)?.n;
    return nonce && toB64u(H('nonce', nonce)) === said ? this.#nonce : undefined;
  }

  /** Writes the device's `final` once nothing is on its way any more, and anew when it is another. */
  tend(): Promise<void> {
    return this.#inTurn(() => this.#tend());
  }

  async #tend(): Promise<void> {
    const { rooms, voice } = this.#deps;
    if (!voice.isClosed || !voice.isIn || rooms.all().some(isOnItsWay)) return;
    const own = voice.state.end.finals.get(voice.self.dfp);
    const q = this.#lastNumbers();
    const isSame = JSON.stringify(own?.q) === JSON.stringify(q);
    if (!isSame || (voice.isLead && this.nonce === undefined)) await this.#write(q, own?.up ?? []);
  }

  /** Devices of the own party that nobody would miss if they were given up. */
  missing(): string[] {
    const { state, party, self } = this.#deps.voice;
    return missingDevices(state).filter((device) => {
      const member = state.devices.get(device)?.member ?? '';
      return device !== self.dfp && state.members.get(member)?.party === party;
    });
  }

  /** The own party's missing devices are not waited for any more. */
  giveUp(): Promise<void> {
    return this.#inTurn(() => this.#giveUp());
  }

  async #giveUp(): Promise<void> {
    const { voice } = this.#deps;
    voice.mustLead();
    const missing = this.missing();
    if (missing.length === 0) return;
    const before = voice.state.end.finals.get(voice.self.dfp)?.up ?? [];
    await this.#write(this.#lastNumbers(), [...new Set([...before, ...missing])].sort());
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Nonce and commit in one transaction: what was committed to can be revealed after any crash. */
  async #write(q: readonly (readonly [string, number])[], up: readonly string[]): Promise<void> {
    const { engine, voice } = this.#deps;
    const nonce = engine.random(32);
    const value = toB64u(nonce);
    const x: { [key: string]: Json } = { q: q.map((one) => [...one]) };
    if (!voice.isLead) {
      await voice.say('final', x);
      return;
    }
    if (up.length > 0) x['up'] = [...up];
    await voice.say('final', { ...x, n: toB64u(H('nonce', nonce)) }, [{ key: nonceKey, value }]);
    this.#nonce = value;
  }

  /** What the box has confirmed of this device; what it refused stays here and is not claimed. */
  #lastNumbers(): [cid: string, q: number][] {
    return this.#deps.rooms
      .all()
      .flatMap(({ room: { cid, swarm } }): [string, number][] => {
        const { head, pending } = swarm.outbox;
        const last = pending[0] ? pending[0].q - 1 : (head?.q ?? -1);
        return last < 0 ? [] : [[cid, last]];
      })
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, mostNamed);
  }
}

/** Conversations that one `final` names. */
const mostNamed = 256;

function isOnItsWay({ room: { swarm } }: OpenRoom): boolean {
  return swarm.outbox.pending.length > 0 && !swarm.outbox.isHeldBack;
}
