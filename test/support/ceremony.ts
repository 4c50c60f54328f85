import { conversationId, sidOf } from '#protocol/codec/fingerprint.ts';
import { parseCommit, payloadOf, serialize } from '#protocol/codec/commit.ts';
import type { CommitDraft } from '#protocol/codec/commit-form.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import type { Signer } from '#protocol/crypto/sign.ts';
import type { Charter } from '#protocol/mission/charter.ts';
import type { Commitment, Draft, FoundingRecord, Reveal } from '#protocol/mission/founding.ts';
import { foundingHash, foundingSigner } from '#protocol/mission/founding.ts';
import type { Entry, Post } from '#protocol/mission/founding-post.ts';
import {
  commitPost,
  foundSignature,
  revealPost,
  signPost,
} from '#protocol/mission/founding-steps.ts';
import { genesisArguments, genesisObject } from '#protocol/mission/genesis.ts';
import { namesHash, namesText } from '#protocol/mission/names.ts';
import { treeOf } from '#protocol/pack/node.ts';
import { seededEngine } from './protocol-ports.ts';
import { leadNamed, seedOf, type Lead } from './people.ts';

/** A founding that its names fix, byte for byte, with all its posts. */
export interface Ceremony {
  foundingKey: Uint8Array;
  poster: Signer;
  draft: Draft;
  names: string;
  leads: Lead[];
  reveals: Reveal[];
  record: FoundingRecord;
  f: Uint8Array;
  genesis: Uint8Array;
  cid: string;
  commits: Entry[];
  revealed: Entry[];
  found: Entry[];
}

/** A charter of V11 for so many parties. */
export function charterFor(n: number, names: string): Charter {
  return {
    v: 1,
    unit: 'party',
    n,
    addparty: 'all',
    rule: 'all',
    ban: 'majority',
    close: 'two-thirds',
    update: 'majority',
    hist: 'all',
    wait: 72,
    names: namesHash(names),
  };
}

/** Runs a whole founding of these parties. The genesis stands on a tree of its own, not on T(state). */
export async function foundingOf(...parties: string[]): Promise<Ceremony> {
  const engine = seededEngine(parties.join());
  const foundingKey = engine.random(32);
  const poster = foundingSigner(foundingKey);
  const names = namesText(engine, {
    name: 'Flood response',
    purpose: 'Share what we see',
    parties: parties.map((name) => ({ code: name.slice(0, 1), name })),
  });
  const charter = charterFor(parties.length, names);
  const draft: Draft = { charter, n: parties.length, session: toB64u(engine.random(16)) };
  const leads = await Promise.all(parties.map(leadNamed));
  const reveals = leads.map(({ chain }, slot): Reveal => {
    const rho = toB64u(seedOf(`rho ${slot}`));
    return { p: chain.party, m: chain.member, d: chain.device, slot, rho };
  });
  const each = <T>(make: (lead: Lead, reveal: Reveal) => Promise<T>) =>
    Promise.all(leads.map((lead, i) => make(lead, reveals[i] as Reveal)));
  const commits = await each((lead, reveal) => commitPost(lead.party, draft, reveal));
  const rows = commits.map(({ pfp, fc, sig }): Commitment => [pfp, fc, sig]);
  const list = rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const revealed = await each((lead, reveal) => revealPost(lead.party, list, reveal));
  const byParty = new Map(leads.map(({ pfp }, i) => [pfp, reveals[i] as Reveal]));
  const record = { d: draft, l: list, r: list.map(([pfp]) => byParty.get(pfp) as Reveal) };
  const tree = treeOf(new Map([['proto', utf8('swarm1\n')]]));
  const genesis = genesisObject(genesisArguments(record), { oid: tree.object.oid, th: tree.th });
  const cid = conversationId(sidOf(genesis));
  const f = foundingHash(record);
  const found = await each((lead) => foundPost(lead, genesis, cid, f));
  const sign = (posts: Post[]) => Promise.all(posts.map((post) => signPost(poster, post)));
  return {
    foundingKey,
    poster,
    draft,
    names,
    leads,
    reveals,
    record,
    f,
    genesis,
    cid,
    commits: await sign(commits),
    revealed: await sign(revealed),
    found: await sign(found),
  };
}

async function foundPost(
  lead: Lead,
  genesis: Uint8Array,
  cid: string,
  f: Uint8Array,
): Promise<Post> {
  const parsed = parseCommit(genesis);
  if (!parsed.ok) throw new Error(parsed.why);
  const { oid, sid, tree, envelope } = parsed.value;
  const draft: CommitDraft = {
    tree,
    parents: [oid],
    seconds: 1_800_000_000,
    class: 'x',
    envelope: {
      v: 1,
      cid,
      d: lead.dfp,
      q: 0,
      l: 2,
      ps: [sid],
      th: envelope.th,
      k: 'found',
      x: { s: await foundSignature(lead.party, f) },
    },
  };
  const signature = await lead.device.sign('git', payloadOf(draft));
  return { t: 'found', o: toB64u(serialize(draft, lead.device.publicKey, signature)) };
}
