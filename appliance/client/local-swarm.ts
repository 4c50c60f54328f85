import { payloadOf, serialize } from '#protocol/codec/commit.ts';
import type { Commit, CommitDraft } from '#protocol/codec/commit-form.ts';
import type { Admission } from '#protocol/admit/admission.ts';
import type { Proposal } from '#protocol/admit/draft.ts';
import type { Replica } from '#protocol/admit/replica.ts';
import type { Signer } from '#protocol/crypto/sign.ts';
import { gitObject, type GitObject } from '#protocol/pack/object.ts';
import type { SwarmState } from '#protocol/state/swarm-state.ts';
import { Outbox } from './outbox.ts';
import type { Repository } from './ports.ts';
import { problem } from './problem.ts';
import { readHistory } from './stored-history.ts';
import type { Vault, VaultChange } from './vault.ts';

/** What a swarm on this device is made of. */
export interface LocalSwarmOptions<S extends SwarmState> {
  cid: string;
  replica: Replica<S>;
  repository: Repository;
  vault: Vault;
  signer: Signer;
  dfp: string;
}

/** Something to write, once its place is known; `changes` are kept with it, all or nothing. */
export interface Intent {
  proposal: Proposal;
  changes?: readonly VaultChange[];
}

/** Where a commit of this device will stand: sealing needs it first. */
export interface Place {
  q: number;
  pq?: string;
}

/** One swarm on this device: judged by its replica, stored in its repository, written by us. */
export class LocalSwarm<S extends SwarmState> {
  readonly cid: string;
  readonly replica: Replica<S>;
  readonly outbox: Outbox;
  readonly #repository: Repository;
  readonly #signer: Signer;
  readonly #dfp: string;
  #turn: Promise<unknown> = Promise.resolve();
  /** Why this device must not write here, if it must not. */
  #fault: 'DEVICE_SET_BACK' | 'STORAGE_FAILED' | undefined;

  constructor(options: LocalSwarmOptions<S>) {
    this.cid = options.cid;
    this.replica = options.replica;
    this.#repository = options.repository;
    this.#signer = options.signer;
    this.#dfp = options.dfp;
    this.outbox = new Outbox(options.vault, options.cid);
  }

  get fault(): 'DEVICE_SET_BACK' | 'STORAGE_FAILED' | undefined {
    return this.#fault;
  }

  /** Reads what is stored; own commits that only the outbox has are put back (S49). */
  async open(): Promise<void> {
    await this.outbox.open();
    const { commits, blobs } = await readHistory(this.#repository);
    await this.replica.load(commits, blobs);
    for (const { objects } of this.outbox.pending) {
      const found = objects.filter(({ type }) => type === 'blob').map(({ body }) => body);
      const own = objects.filter(({ type }) => type === 'commit').map(({ body }) => body);
      await this.#store(await this.replica.load(own, found));
    }
  }

  /** Whether something is known of it at all. */
  get isKnown(): boolean {
    return this.replica.size > 0;
  }

  /** Whether a commit is on disk; only one of ours that is just being written is not. */
  isKept({ envelope }: Pick<Commit, 'envelope'>): boolean {
    return envelope.d !== this.#dfp || envelope.q <= (this.outbox.head?.q ?? -1);
  }

  /** Judges and stores what somebody sent; on disk when it resolves. */
  async take(
    commits: readonly (Commit | Uint8Array)[],
    blobs: readonly Uint8Array[],
  ): Promise<Admission> {
    return this.#store(await this.replica.admit(commits, blobs));
  }

  /** Tries again what waited for the mission (M3). */
  async retry(): Promise<Admission> {
    return this.#store(await this.replica.retry());
  }

  /** The box knows more of this device than the device itself: it was set back (K16). */
  fallBehind(): void {
    this.#fault = 'DEVICE_SET_BACK';
  }

  /**
   * Writes one commit: checked as others will check it, signed, kept on disk, and only then
   * visible. `prepare` is asked when its turn has come and gets the place that it will have.
   */
  write(prepare: (place: Place) => Promise<Intent>): Promise<Commit> {
    const written = this.#turn.then(() => this.#write(prepare));
    this.#turn = written.catch(() => undefined);
    return written;
  }

  /** Begins the swarm with its genesis, which was signed before its cid was known. */
  begin(raw: Uint8Array, changes: readonly VaultChange[]): Promise<Commit> {
    return this.#adopt(raw, [], changes);
  }

  async #write(prepare: (place: Place) => Promise<Intent>): Promise<Commit> {
    let intent = await prepare(this.#place());
    if (await this.#gather(intent.proposal)) intent = await prepare(this.#place());
    const { proposal, changes = [] } = intent;
    const raw = await signedCommit(this.replica, this.#signer, proposal);
    const blob = proposal.profile?.blob.object.body;
    return this.#adopt(raw, blob ? [blob] : [], changes);
  }

  #place(): Place {
    if (this.#fault) throw problem(this.#fault);
    const place = this.replica.next(this.#dfp);
    if (place.q !== (this.outbox.head?.q ?? -1) + 1) throw problem('DEVICE_SET_BACK');
    return place;
  }

  /**
   * Merges until one commit can name all heads, so that its past has all that it goes by (§9.5).
   * Who may not merge, as an invited person, writes on what fits. Whether anything was written.
   */
  async #gather({ d, k, seconds }: Proposal): Promise<boolean> {
    let isPlaceOld = false;
    while (k !== 'merge' && this.replica.isScattered(d)) {
      const draft = await this.replica.propose({ d, k: 'merge', seconds });
      if (!draft.ok) break;
      await this.#adopt(await signed(this.#signer, draft.value), [], []);
      this.#place();
      isPlaceOld = true;
    }
    return isPlaceOld;
  }

  async #adopt(
    raw: Uint8Array,
    blobs: readonly Uint8Array[],
    changes: readonly VaultChange[],
  ): Promise<Commit> {
    const admission = await this.replica.admit([raw], blobs);
    const commit = this.replica.commit(admission.ok.at(-1) ?? '');
    if (!commit) throw problem('CONVERSATION_REFUSED', new Error(admission.no.join()));
    const pending = {
      q: commit.envelope.q,
      sid: commit.sid,
      oid: commit.oid,
      isGenesis: commit.envelope.k === 'genesis',
      objects: [...contentsOf(admission), gitObject('commit', raw)],
    };
    // The replica now knows a commit that the disk may not have: if keeping it fails, nothing
    // more is written here until a new start has read what is really there.
    try {
      await this.outbox.add(pending, changes);
      await this.#store(admission);
    } catch (error) {
      this.#fault = 'STORAGE_FAILED';
      throw problem('STORAGE_FAILED', error);
    }
    return commit;
  }

  async #store(admission: Admission): Promise<Admission> {
    const commits = admission.ok.flatMap((sid) => this.replica.commit(sid) ?? []);
    if (commits.length === 0) return admission;
    const raws = commits.map(({ raw }) => gitObject('commit', raw));
    await this.#repository.write([...contentsOf(admission), ...raws]);
    for (const device of new Set(commits.map(({ envelope }) => envelope.d))) {
      const newest = this.replica.newest(device);
      if (newest) await this.#repository.moveRef(`refs/swarm/dev/${device}`, newest.oid);
    }
    await this.#repository.flush();
    return admission;
  }
}

/** A proposal as a whole commit: checked against everything known, and signed once (B2). */
export async function signedCommit<S extends SwarmState>(
  replica: Replica<S>,
  signer: Signer,
  proposal: Proposal,
): Promise<Uint8Array> {
  const draft = await replica.propose(proposal);
  if (!draft.ok) {
    const isClosed = draft.rule === 'R15' && isMissionClosed(replica);
    const code = isClosed ? 'MISSION_CLOSED' : 'CONVERSATION_REFUSED';
    throw problem(code, new Error(`${draft.rule}: ${draft.why}`));
  }
  return signed(signer, draft.value);
}

async function signed(signer: Signer, draft: CommitDraft): Promise<Uint8Array> {
  return serialize(draft, signer.publicKey, await signer.sign('git', payloadOf(draft)));
}

function isMissionClosed<S extends SwarmState>(replica: Replica<S>): boolean {
  const mission = replica.mission ?? replica;
  return mission.size > 0 && mission.view().state.closed.length > 0;
}

/** Trees and blobs that are new with an admission, without its commits. */
function contentsOf({ objects }: Admission): readonly GitObject[] {
  return objects.filter(({ type }) => type !== 'commit');
}
