import { nodeEngine } from '#kernel/node-engine.ts';
import { payloadOf, serialize } from '#protocol/codec/commit.ts';
import type { CommitDraft, Envelope } from '#protocol/codec/commit-form.ts';
import { deviceFingerprint } from '#protocol/codec/fingerprint.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner, type Signer } from '#protocol/crypto/sign.ts';
import { issueDevice, issueMember, issueParty } from '#protocol/identity/issue.ts';
import type { Charter } from '#protocol/mission/charter.ts';
import {
  commitmentHash,
  commitStatement,
  comparedStatement,
  foundStatement,
  foundingHash,
  foundingSigner,
  revealedParty,
  revealStatement,
  type Commitment,
  type Draft,
  type FoundingRecord,
  type Reveal,
} from '#protocol/mission/founding.ts';
import { postBytes, type Entry, type Post } from '#protocol/mission/founding-post.ts';
import { namesHash, namesText, sealNames } from '#protocol/mission/names.ts';

/** One founding party's keys and what it will reveal. */
export interface Founder {
  party: Signer;
  member: Signer;
  device: Signer;
  /** Secret of the device's X25519 key. */
  agreement: Uint8Array;
  reveal: Reveal;
}

/** A whole ceremony on paper: every post that an honest founding makes. */
export class PaperFounding {
  readonly key: Uint8Array;
  readonly draft: Draft;
  readonly names: string;
  readonly founders: readonly Founder[];
  readonly #signer: Signer;

  constructor(key: Uint8Array, draft: Draft, names: string, founders: readonly Founder[]) {
    this.key = key;
    this.draft = draft;
    this.names = names;
    this.founders = founders;
    this.#signer = foundingSigner(key);
  }

  /** Body of the request that opens it. */
  get opening(): { d: Draft; fpk: string; names: string } {
    return { d: this.draft, fpk: toB64u(this.#signer.publicKey), names: this.names };
  }

  /** Signed by the founding key, as everybody with the join code can. */
  async entry(post: Post): Promise<Entry> {
    return { post, s: toB64u(await this.#signer.sign('swarm-charter-v1', postBytes(post))) };
  }

  async commit(i: number): Promise<Post> {
    const { fc, sig, pfp } = await this.#commitment(i);
    return { t: 'commit', fc, pfp, sig };
  }

  async reveal(i: number): Promise<Post> {
    const founder = this.founders[i] as Founder;
    const { l } = await this.record();
    return { t: 'reveal', ...founder.reveal, sig: await said(founder.party, revealStatement(l)) };
  }

  async compared(i: number, ok: 0 | 1 = 1): Promise<Post> {
    const { party, reveal } = this.founders[i] as Founder;
    const f = foundingHash(await this.record());
    const sig = await said(party, comparedStatement(f, ok));
    return { t: 'compared', f: toB64u(f), pfp: revealedParty(reveal), sig, ok };
  }

  /** A `found` commit that says the right thing; where it stands is up to the caller. */
  async found(
    i: number,
    place: Partial<CommitDraft> = {},
    at: Partial<Envelope> = {},
  ): Promise<Post> {
    const { party, device } = this.founders[i] as Founder;
    const d = deviceFingerprint(device.publicKey);
    const s = await said(party, foundStatement(foundingHash(await this.record())));
    const nowhere = toB64u(new Uint8Array(64));
    const cid = deviceFingerprint(party.publicKey);
    const envelope: Envelope = {
      ...{ v: 1, cid, d, q: 0, l: 2, ps: [nowhere], th: nowhere, k: 'found', x: { s } },
      ...at,
    };
    const oid = '0'.repeat(40);
    const draft: CommitDraft = {
      ...{ tree: oid, parents: [oid], seconds: 0, class: 'x', envelope },
      ...place,
    };
    const signature = await device.sign('git', payloadOf(draft));
    return { t: 'found', o: toB64u(serialize(draft, device.publicKey, signature)) };
  }

  /** The founding once everybody has revealed. */
  async record(): Promise<FoundingRecord> {
    const all = await Promise.all(this.founders.map((_, i) => this.#commitment(i)));
    const l = all.map(({ pfp, fc, sig }): Commitment => [pfp, fc, sig]);
    const r = this.founders.map(({ reveal }) => reveal);
    const order = (a: string, b: string): number => (a < b ? -1 : 1);
    return {
      d: this.draft,
      l: l.sort(([a], [b]) => order(a, b)),
      r: r.sort((a, b) => order(revealedParty(a), revealedParty(b))),
    };
  }

  async #commitment(i: number): Promise<{ fc: string; sig: string; pfp: string }> {
    const { party, reveal } = this.founders[i] as Founder;
    const fc = commitmentHash(this.draft, reveal);
    return {
      fc,
      sig: await said(party, commitStatement(this.draft, fc)),
      pfp: revealedParty(reveal),
    };
  }
}

/** A founding of `n` parties; `name` is the canary that must never be readable at the box. */
export async function paperFounding(n: number, name = 'Flood response'): Promise<PaperFounding> {
  const key = nodeEngine.random(32);
  const parties = Array.from({ length: n }, (_, i) => ({
    code: `P${i}`,
    name: `${name} party ${i}`,
  }));
  const text = namesText(nodeEngine, { name, purpose: `${name} purpose`, parties });
  const charter: Charter = {
    v: 1,
    unit: 'party',
    n,
    addparty: 'all',
    rule: 'all',
    ban: 'majority',
    close: 'majority',
    update: 'majority',
    hist: 'all',
    wait: 24,
    names: namesHash(text),
  };
  const draft: Draft = { charter, n, session: toB64u(nodeEngine.random(16)) };
  const founders = await Promise.all(parties.map((_, slot) => founder(slot)));
  return new PaperFounding(key, draft, sealNames(nodeEngine, key, text), founders);
}

async function founder(slot: number): Promise<Founder> {
  const signer = (): Signer => seedSigner(nodeEngine.random(32));
  const [party, member, device, agreement] = [signer(), signer(), signer(), nodeEngine.random(32)];
  const inbox = scalarKey(nodeEngine.random(32)).publicKey;
  const reveal: Reveal = {
    p: await issueParty(nodeEngine, party),
    m: await issueMember(nodeEngine, party, member, inbox),
    d: await issueDevice(nodeEngine, member, device, scalarKey(agreement).publicKey),
    slot,
    rho: toB64u(nodeEngine.random(32)),
  };
  return { party, member, device, agreement, reveal };
}

async function said(party: Signer, statement: Uint8Array): Promise<string> {
  return toB64u(await party.sign('swarm-charter-v1', statement));
}
