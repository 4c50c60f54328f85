import type { ClosingView, RecordView, VoteView } from '#client/closing-model.ts';
import type { ClientView, MissionView } from '#client/model.ts';
import type { Scene } from './scripted-client.ts';

const vote = (change: Partial<VoteView> = {}): VoteView => ({
  id: 'v1',
  about: { kind: 'remove-member', person: 'Tomas' },
  yes: [3, 2],
  no: [1],
  units: [0, 1, 2, 3],
  threshold: 'two-thirds',
  needed: 3,
  state: 'open',
  proposedBy: 3,
  canVote: true,
  ...change,
});
const close = (change: Partial<VoteView> = {}): VoteView =>
  vote({ about: { kind: 'close' }, yes: [1], no: [], proposedBy: 1, ...change });
const record = (change: Partial<RecordView> = {}): RecordView => ({
  fingerprint: '9c41 e07b 52aa',
  size: 2_400_000_000,
  state: 'none',
  done: 0,
  total: 0,
  ...change,
});
const held = record({
  state: 'held',
  found: { conversations: 3, commits: 8102, signatures: 8214, files: 41 },
});
const closing = (change: Partial<ClosingView> = {}): ClosingView => ({
  step: 'record',
  sync: [
    { slot: 0, devices: 6, done: 5, givenUp: 1 },
    { slot: 1, devices: 7, done: 7, givenUp: 0 },
    { slot: 2, devices: 6, done: 5, givenUp: 1 },
    { slot: 3, devices: 4, done: 4, givenUp: 0 },
  ],
  unsent: 0,
  canGiveUp: false,
  units: [0, 1, 2, 3],
  agreed: [],
  receipts: [],
  excused: [],
  disputes: [],
  missing: [],
  receipt: 'none',
  canSign: false,
  ...change,
});
const missing = [
  { slot: 0, secondsLeft: 82_000, goOn: [] },
  { slot: 3, secondsLeft: 82_000, goOn: [] },
];
const signing = { record: held, canSign: true, receipts: [1, 2], agreed: [1, 2], missing };
const certificate = {
  number: '7a20 41ce 88d3',
  medium: 'files',
  files: 412,
  bytes: 2_400_000_000,
  isProven: true,
  isEarned: true,
  receipts: [0, 1, 2, 3],
  excused: [],
  atMs: new Date('2026-11-22T14:20:00Z').getTime(),
} as const;

/** Scenes of votes, of the end and of the key card over a mission. */
export function closingScenes(
  mission: MissionView,
  inMission: (route: string, change?: Partial<ClientView>) => Scene,
): Record<string, Scene> {
  const voting = (votes: readonly VoteView[], route = '/votes/v1', change = {}): Scene =>
    inMission(route, { mission: { ...mission, votes, ...change } });
  const passed = close({ id: 'c1', yes: [0, 1, 2, 3], state: 'passed', mine: 'yes' });
  const ending = (change: Partial<ClosingView>, own: Partial<MissionView> = {}, route = '/close') =>
    inMission(route, {
      mission: { ...mission, votes: [passed], closing: closing(change), ...own },
    });
  const member = { me: { ...mission.me, isLead: false } };
  const syncing = {
    step: 'sync',
    unsent: 2,
    canGiveUp: true,
    missing: [2, 3].map((slot) => ({ slot, secondsLeft: 82_000, goOn: [] })),
    sync: [
      { slot: 0, devices: 6, done: 5, givenUp: 0 },
      { slot: 1, devices: 7, done: 7, givenUp: 0 },
      { slot: 2, devices: 6, done: 4, givenUp: 1 },
      { slot: 3, devices: 4, done: 2, givenUp: 0 },
    ],
  } as const;
  const old = vote({ id: 'v2', about: { kind: 'remove-party', slot: 2 }, yes: [0], no: [1, 2] });
  return {
    votes: voting(
      [vote(), close({ id: 'v3', mine: 'yes' }), { ...old, state: 'cannot-pass' }],
      '/votes',
    ),
    'votes-empty': voting([], '/votes'),
    'votes-need': voting([vote(), close({ id: 'v3' })], '/chats'),
    'mission-vote': voting([vote()], '/mission'),
    'people-vote': voting([vote()], '/people/party/1'),
    vote: voting([vote()]),
    'vote-mine': voting([vote({ yes: [0, 3], no: [], proposedBy: 0, mine: 'yes' })]),
    'vote-member': voting([vote({ canVote: false })], '/votes/v1', member),
    'vote-passed': voting([vote({ yes: [0, 2, 3], state: 'passed', mine: 'yes' })]),
    'vote-failed': voting([vote({ yes: [3], no: [1, 2], state: 'cannot-pass' })]),
    'vote-about-me': voting([vote({ about: { kind: 'remove-member', person: 'me' } })]),
    'vote-party': voting([vote({ about: { kind: 'remove-party', slot: 0 } })]),
    'vote-gone': voting([vote({ about: { kind: 'remove-member', person: 'gone' } })]),
    'vote-close': voting([close()]),
    'vote-close-passed': ending(syncing, {}, '/votes/c1'),
    'close-sync': ending(syncing),
    'close-building': ending({ step: 'building', build: { done: 800_000_000, total: 2.4e9 } }),
    'close-ready': ending({ record: record(), missing }),
    'close-need': ending({ record: record(), missing }, {}, '/chats'),
    'close-saving': ending({
      record: record({ state: 'saving', done: 900_000_000, total: 2_400_000_000 }),
    }),
    'close-checking': ending({ record: record({ state: 'checking', done: 3100, total: 8102 }) }),
    'close-damaged': ending({
      record: record({
        state: 'damaged',
        problem: { code: 'RECORD_DAMAGED', says: '', advice: '' },
      }),
      missing,
    }),
    'close-lacking': ending({
      record: record({
        state: 'lacking',
        problem: { code: 'RECORD_LACKING', says: '', advice: '' },
      }),
      missing,
    }),
    'close-sign': ending(signing),
    'close-member': ending({ ...signing, canSign: false }, member),
    'close-signed': ending({
      ...signing,
      receipts: [0, 1, 2],
      receipt: 'signed',
      canSign: false,
      missing: missing.slice(1),
    }),
    'close-wanted': ending({ ...signing, receipt: 'wanted', canSign: false }),
    'close-over': ending({
      ...signing,
      receipt: 'signed',
      canSign: false,
      receipts: [0, 1, 2],
      missing: [{ slot: 3, secondsLeft: 0, goOn: [1] }],
    }),
    'close-excused': ending({ ...signing, receipts: [1, 2], excused: [3], missing: [] }),
    'close-excused-waiting': ending({
      ...{ ...signing, excused: [3], receipts: [0, 1, 2], receipt: 'signed', canSign: false },
      missing: [{ slot: 3, secondsLeft: 40_000, goOn: [0, 1, 2] }],
    }),
    'close-two': ending({ ...signing, units: [0, 1], receipts: [1], missing: missing.slice(0, 1) }),
    'close-dispute': ending({
      ...signing,
      disputes: [
        { slot: 1, why: 'missing' },
        { slot: 3, why: 'refused' },
      ],
    }),
    'close-proof': ending({ ...signing, canSign: false, proof: '{"proof":"two records"}' }),
    'close-wiping': ending({ step: 'wiping', receipts: [0, 1, 2, 3], receipt: 'signed' }),
    certificate: ending({ step: 'wiped', certificate }),
    'certificate-luks2': ending({
      step: 'wiped',
      certificate: { ...certificate, medium: 'luks2', receipts: [0, 1, 2], excused: [3] },
    }),
    'certificate-not-proven': ending({
      step: 'wiped',
      certificate: { ...certificate, isProven: false },
    }),
    'certificate-unseen': ending({
      step: 'wiped',
      certificate: { ...certificate, isEarned: false, receipts: [] },
    }),
    'certificate-waiting': ending({ step: 'wiped' }),
    'key-card': inMission('/me/key-card'),
  };
}
