import { parseCommit } from '../codec/commit.ts';
import { deviceFingerprint } from '../codec/fingerprint.ts';
import { b64u } from '../codec/shape.ts';
import { fromB64u, toB64u } from '../codec/text-form.ts';
import type { Namespace } from '../crypto/sign.ts';
import { verifyBlob } from '../crypto/verify-strict.ts';
import { subjectKey } from '../identity/certificate.ts';
import type { Engine } from '../ports.ts';
import { accepted, refused, type Refusal, type Verdict } from '../verdict.ts';
import {
  comparedStatement,
  foundingHash,
  foundStatement,
  revealedParty,
  revealOnly,
  revealStatement,
  type Commitment,
  type Draft,
  type FoundingRecord,
  type Reveal,
} from './founding.ts';
import {
  isEntry,
  postBytes,
  type ComparedPost,
  type FoundPost,
  type Post,
  type RevealPost,
} from './founding-post.ts';
import { checkReveal, checkTogether } from './reveal-check.ts';

/** How far a founding has come, as its posts prove it. */
export interface Ceremony {
  /** One a post: why it does not count, if it does not. */
  verdicts: Verdict[];
  /** In the order in which they came. */
  commitments: Commitment[];
  /** L, once all parties have committed. */
  list?: Commitment[];
  /** By party. */
  reveals: Map<string, Reveal>;
  /** Once all have revealed, and all of it verifies: the founding and F. */
  record?: FoundingRecord;
  f?: Uint8Array;
  /** Newest word of each party that compared. */
  compared: Map<string, 0 | 1>;
  /** Raw `found` commit of each party; its place in the swarm is for admission to judge. */
  found: Map<string, Uint8Array>;
  /** Set when it can no longer succeed: cheated, differs, cancelled. Then nobody signs. */
  ended?: Refusal;
}

/**
 * Folds the posts of a founding, in the order of the box, into its state (F1–F5).
 * Box and founders run the same fold, so neither takes the other's word. Posts that
 * prove nothing are left out; one that proves a cheat or a difference ends it.
 */
export async function foldFounding(
  engine: Engine,
  draft: Draft,
  foundingKey: Uint8Array,
  entries: readonly unknown[],
): Promise<Ceremony> {
  const fold = new Fold(engine, draft, foundingKey);
  for (const entry of entries) await fold.take(entry);
  return fold.state;
}

class Fold {
  readonly state: Ceremony = {
    verdicts: [],
    commitments: [],
    reveals: new Map(),
    compared: new Map(),
    found: new Map(),
  };
  readonly #engine: Engine;
  readonly #draft: Draft;
  readonly #foundingKey: Uint8Array;

  constructor(engine: Engine, draft: Draft, foundingKey: Uint8Array) {
    this.#engine = engine;
    this.#draft = draft;
    this.#foundingKey = foundingKey;
  }

  async take(entry: unknown): Promise<void> {
    this.state.verdicts.push(await this.#judge(entry));
  }

  async #judge(entry: unknown): Promise<Verdict> {
    if (!isEntry(entry)) return refused('R5', 'the post has a bad form');
    if (this.state.ended) return refused('F6', 'the founding has ended');
    const { post, s } = entry;
    if (!(await this.#isSigned('swarm-charter-v1', this.#foundingKey, postBytes(post), s))) {
      return refused('F1', 'not posted with the founding key');
    }
    return this.#apply(post);
  }

  #apply(post: Post): Promise<Verdict> | Verdict {
    switch (post.t) {
      case 'commit':
        return this.#commit([post.pfp, post.fc, post.sig]);
      case 'reveal':
        return this.#reveal(post);
      case 'compared':
        return this.#compare(post);
      case 'found':
        return this.#found(post);
      case 'end':
        this.state.ended = refused('F6', `ended by a founder: ${post.why}`);
        return accepted;
    }
  }

  #commit(row: Commitment): Verdict {
    const { commitments } = this.state;
    if (this.state.list) return refused('F1', 'all parties have committed');
    if (commitments.some(([pfp]) => pfp === row[0])) return refused('F1', 'committed already');
    commitments.push(row);
    if (commitments.length === this.#draft.n) {
      this.state.list = commitments.toSorted(([a], [b]) => (a < b ? -1 : 1));
    }
    return accepted;
  }

  async #reveal(post: RevealPost): Promise<Verdict> {
    const { list, reveals } = this.state;
    if (!list) return refused('F2', 'not all parties have committed');
    const reveal = revealOnly(post);
    const party = revealedParty(reveal);
    const row = list.find(([pfp]) => pfp === party);
    if (!row) return refused('F2', 'the party has not committed');
    if (reveals.has(party)) return refused('F2', 'the party has revealed already');
    const statement = revealStatement(list);
    if (!(await this.#isByParty(reveal, statement, post.sig))) {
      return this.#end(refused('F2', 'the parties do not hold the same commitments'));
    }
    const verdict = await checkReveal(this.#engine, this.#draft, row, reveal);
    if (!verdict.ok) return this.#end(verdict);
    reveals.set(party, reveal);
    return reveals.size === this.#draft.n ? this.#complete(list) : accepted;
  }

  #complete(list: Commitment[]): Verdict {
    const r = list.map(([pfp]) => this.state.reveals.get(pfp) as Reveal);
    const record: FoundingRecord = { d: this.#draft, l: list, r };
    const together = checkTogether(record);
    if (!together.ok) return this.#end(together);
    this.state.record = record;
    this.state.f = foundingHash(record);
    return accepted;
  }

  async #compare({ f, pfp, ok, sig }: ComparedPost): Promise<Verdict> {
    const { f: known, reveals, compared } = this.state;
    const reveal = reveals.get(pfp);
    if (!known || !reveal) return refused('F5', 'not all parties have revealed');
    if (f !== toB64u(known)) return refused('F5', 'about another founding');
    if (!(await this.#isByParty(reveal, comparedStatement(known, ok), sig))) {
      return refused('F5', 'not signed by the party');
    }
    compared.set(pfp, ok);
    if (ok === 0) this.state.ended = refused('F5', 'the safety codes differ');
    return accepted;
  }

  async #found({ o }: FoundPost): Promise<Verdict> {
    const { f, reveals, found } = this.state;
    if (!f) return refused('F3', 'not all parties have revealed');
    const raw = fromB64u(o);
    const parsed = raw && parseCommit(raw);
    if (!raw || !parsed?.ok) return refused('F4', 'not a commit');
    const { envelope, payload, signature } = parsed.value;
    const mine = [...reveals].find(
      ([, { d }]) => deviceFingerprint(subjectKey(d.c)) === envelope.d,
    );
    const s = envelope.x?.['s'];
    if (envelope.k !== 'found' || !mine || !isSignature(s)) return refused('F4', 'not a founding');
    const [party, reveal] = mine;
    if (found.has(party)) return refused('F4', 'the party has founded already');
    if (!(await this.#isByParty(reveal, foundStatement(f), s))) {
      return refused('F4', 'the party did not sign this founding');
    }
    const [key, signed] = [subjectKey(reveal.d.c), toB64u(signature.bytes)];
    if (!(await this.#isSigned('git', key, payload, signed))) {
      return refused('R4', 'the commit is not signed by the device');
    }
    found.set(party, raw);
    return accepted;
  }

  #isByParty(reveal: Reveal, statement: Uint8Array, sig: string): Promise<boolean> {
    return this.#isSigned('swarm-charter-v1', subjectKey(reveal.p.c), statement, sig);
  }

  #isSigned(
    namespace: Namespace,
    key: Uint8Array,
    message: Uint8Array,
    sig: string,
  ): Promise<boolean> {
    const bytes = fromB64u(sig, 64) ?? new Uint8Array(0);
    return verifyBlob(this.#engine, namespace, key, message, bytes);
  }

  #end(refusal: Refusal): Refusal {
    this.state.ended = refusal;
    return refusal;
  }
}

const isSignature = b64u(64);
