import { utf8 } from '#protocol/codec/bytes.ts';
import { decode, encode, type Json } from '#protocol/codec/canonical-json.ts';
import { readCertificate, verifyCertificate } from '#protocol/identity/certificate.ts';
import type { Certificate } from '#protocol/identity/certificate-form.ts';
import { bendJson } from '../support/fuzz/bend-json.ts';
import { mustBeSame, type Target } from '../support/fuzz/target.ts';
import { leadNamed } from '../support/people.ts';
import { nodeEngine } from '../support/protocol-ports.ts';

const lead = await leadNamed('red');
const good = Object.values(lead.chain).map((one) => encode(one as unknown as Json));
const types = ['party', 'member', 'device', 'ticket'] as const;

/** Certificates as text; one that verifies is one that was issued. */
export const target: Target = {
  samples: async () => good.map((text) => utf8(text)),
  words: ['"s":', '"w":', '"c":', 'ticket', 'member', 'device', 'party', lead.pfp, lead.mfp],
  bend: (input, random) => {
    const decoded = decode(input, 2 ** 20);
    return decoded.ok ? utf8(JSON.stringify(bendJson(decoded.value, random)) ?? '') : undefined;
  },
  read: async (input) => {
    const decoded = decode(input, 65_536);
    if (!decoded.ok) return false;
    const found = types
      .map((type) => readCertificate(decoded.value, type))
      .flatMap((read): Certificate[] => (read.ok ? [read.value] : []));
    if (found.length > 1) throw new Error('a certificate of two types');
    const [certificate] = found;
    if (certificate === undefined) return false;
    mustBeSame(utf8(encode(certificate as unknown as Json)), input);
    for (const { publicKey } of [lead.party, lead.member]) {
      const isValid = (await verifyCertificate(nodeEngine, certificate, publicKey)).ok;
      if (isValid && !good.includes(encode(certificate as unknown as Json))) {
        throw new Error('a certificate that nobody issued verifies');
      }
    }
    return true;
  },
};
