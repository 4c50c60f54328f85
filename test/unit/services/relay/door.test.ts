import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../../appliance/services/relay/process/door.ts';
import { PeerPolicy } from '../../../../appliance/services/relay/process/peer-policy.ts';
import {
  ATTRIBUTE,
  encodeStun,
  hasIntegrity,
  parseStun,
} from '../../../../appliance/services/relay/process/stun.ts';
import { seeded, seededBytes } from '../../../support/seeded.ts';
import {
  channelOf,
  codeOf,
  METHOD,
  peerOf,
  transportUdp,
  valueOf,
} from '../../../support/turn-client.ts';

const deps = {
  realm: 'parley',
  passwordOf: (username: string) => (username === 'guest' ? 'secret' : undefined),
  policy: new PeerPolicy(() => [], []),
};
const key = createHash('md5').update('guest:parley:secret').digest();
const transaction = Buffer.alloc(12, 9);
const login = [
  { type: ATTRIBUTE.username, value: Buffer.from('guest') },
  { type: ATTRIBUTE.realm, value: Buffer.from('parley') },
  { type: ATTRIBUTE.nonce, value: Buffer.from('nonce') },
];
const friend = { address: '10.1.1.1', port: 4000 };

type Part = { type: number; value: Buffer };
const signed = (method: number, attributes: Part[]): Buffer =>
  encodeStun({ kind: 0, method, transaction, attributes: [...login, ...attributes], key });

/** What the library would be shown; throws if it would not be shown anything. */
function passed(datagram: Buffer): ReturnType<typeof parseStun> & object {
  const verdict = judge(datagram, deps);
  const message = verdict.do === 'pass' ? parseStun(verdict.datagram) : undefined;
  if (!message) throw new Error(`verdict ${verdict.do}`);
  return message;
}

/** The error code it is refused with. */
function refusal(datagram: Buffer): number | string {
  const verdict = judge(datagram, deps);
  const message = verdict.do === 'reply' ? parseStun(verdict.datagram) : undefined;
  return message ? codeOf(message) : verdict.do;
}

describe('the door of the relay', () => {
  it('lets a signed request through, signed again', () => {
    const message = passed(signed(METHOD.allocate, [transportUdp]));
    const integrity = message.attributes.at(-1);
    expect(integrity && hasIntegrity(message, integrity, key)).toBe(true);
  });

  it('takes the signature off when it is wrong, so that the answer is 401', () => {
    const hasSignature = (datagram: Buffer): boolean =>
      passed(datagram).attributes.some(({ type }) => type === ATTRIBUTE.messageIntegrity);
    const good = signed(METHOD.allocate, [transportUdp]);
    expect(hasSignature(good)).toBe(true);
    const bent = Buffer.from(good);
    bent[bent.length - 1] = (bent.at(-1) ?? 0) ^ 1;
    expect(hasSignature(bent)).toBe(false);
    for (const name of ['constructor', '__proto__', 'stranger', '']) {
      const user = { type: ATTRIBUTE.username, value: Buffer.from(name || ' ') };
      const password = Object.toString();
      const false_ = createHash('md5').update(`${name}:parley:${password}`).digest();
      const attack = encodeStun({
        kind: 0,
        method: METHOD.allocate,
        transaction,
        attributes: [user, transportUdp],
        key: false_,
      });
      expect(hasSignature(attack), name).toBe(false);
    }
  });

  it('ignores what follows the signature', () => {
    const before = signed(METHOD.createPermission, [peerOf(friend)]);
    const smuggled = encodeStun({
      kind: 0,
      method: METHOD.createPermission,
      transaction,
      attributes: [
        ...(parseStun(before)?.attributes ?? []),
        peerOf({ address: '127.0.0.1', port: 22 }),
      ],
    });
    const peers = passed(smuggled).attributes.filter(
      ({ type }) => type === ATTRIBUTE.xorPeerAddress,
    );
    expect(peers.length).toBe(1);
  });

  it('answers attributes it must understand and does not with 420 and their numbers', () => {
    const odd = [
      { type: 0x0001, value: Buffer.alloc(8) },
      { type: 0x7fff, value: Buffer.alloc(3) },
    ];
    const verdict = judge(signed(METHOD.allocate, [transportUdp, ...odd]), deps);
    const answer = verdict.do === 'reply' ? parseStun(verdict.datagram) : undefined;
    if (!answer) throw new Error(verdict.do);
    expect(codeOf(answer)).toBe(420);
    expect(valueOf(answer, ATTRIBUTE.unknownAttributes).toString('hex')).toBe('00017fff');
    const binding = encodeStun({ kind: 0, method: METHOD.binding, transaction, attributes: odd });
    expect(refusal(binding)).toBe(420);
  });

  it('ignores optional attributes, EVEN-PORT, DONT-FRAGMENT and the IPv4 family', () => {
    const extras = [
      { type: 0xc057, value: Buffer.alloc(4) },
      { type: ATTRIBUTE.evenPort, value: Buffer.of(0x80) },
      { type: ATTRIBUTE.dontFragment, value: Buffer.alloc(0) },
      { type: ATTRIBUTE.requestedAddressFamily, value: Buffer.of(1, 0, 0, 0) },
    ];
    const types = passed(signed(METHOD.allocate, [transportUdp, ...extras])).attributes.map(
      (a) => a.type,
    );
    expect(types).toEqual([6, 0x14, 0x15, 0x19, 8]);
  });

  it('refuses what it does not offer with the code of the standard', () => {
    const ipv6 = { type: ATTRIBUTE.requestedAddressFamily, value: Buffer.of(2, 0, 0, 0) };
    expect(refusal(signed(METHOD.allocate, [transportUdp, ipv6]))).toBe(440);
    const token = { type: ATTRIBUTE.reservationToken, value: Buffer.alloc(8) };
    expect(refusal(signed(METHOD.allocate, [transportUdp, token]))).toBe(508);
    const peer6 = { type: ATTRIBUTE.xorPeerAddress, value: Buffer.alloc(20, 2) };
    expect(refusal(signed(METHOD.createPermission, [peer6]))).toBe(443);
    const long = { type: ATTRIBUTE.lifetime, value: Buffer.alloc(16) };
    expect(refusal(signed(METHOD.refresh, [long]))).toBe(400);
  });

  it('refuses forbidden peers with 403, also as one of several', () => {
    for (const address of ['127.0.0.1', '169.254.1.1', '224.0.0.1', '0.0.0.0', '255.255.255.255']) {
      const bad = peerOf({ address, port: 4000 });
      expect(refusal(signed(METHOD.createPermission, [peerOf(friend), bad])), address).toBe(403);
      expect(refusal(signed(METHOD.channelBind, [channelOf(0x4000), bad])), address).toBe(403);
      const data = { type: ATTRIBUTE.data, value: Buffer.from('x') };
      const send = { kind: 1, method: METHOD.send, transaction, attributes: [bad, data] };
      expect(judge(encodeStun(send), deps).do, address).toBe('drop');
    }
    expect(passed(signed(METHOD.createPermission, [peerOf(friend)])).method).toBe(8);
  });

  it('drops answers, unknown methods, wrong fingerprints and what is no STUN', () => {
    const base = { transaction, attributes: [] };
    const attacks = [
      encodeStun({ ...base, kind: 2, method: METHOD.binding }),
      encodeStun({ ...base, kind: 3, method: METHOD.allocate }),
      encodeStun({ ...base, kind: 1, method: METHOD.binding }),
      encodeStun({ ...base, kind: 0, method: 0xfff }),
      encodeStun({ ...base, kind: 0, method: METHOD.send }),
      Buffer.alloc(0),
      Buffer.of(0),
    ];
    const marked = encodeStun({ ...base, kind: 0, method: METHOD.binding, hasFingerprint: true });
    marked[marked.length - 1] = (marked.at(-1) ?? 0) ^ 1;
    for (const attack of [...attacks, marked]) expect(judge(attack, deps)).toEqual({ do: 'drop' });
  });

  it('has a verdict for every datagram', () => {
    const random = seeded(42);
    const start = signed(METHOD.channelBind, [channelOf(0x4000), peerOf(friend)]);
    for (let round = 0; round < 3000; round++) {
      const bent = round % 2 ? Buffer.from(start) : seededBytes(random, Math.floor(random() * 120));
      for (let n = 0; n < 3 && bent.length > 0; n++) {
        bent[Math.floor(random() * bent.length)] = Math.floor(random() * 256);
      }
      expect(['drop', 'reply', 'pass', 'send']).toContain(judge(bent, deps).do);
    }
  });
});
