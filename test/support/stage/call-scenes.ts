import type { BoardView, CallView, FileView, ParticipantView } from '#client/call-model.ts';
import type { ClientView, MessageView, MissionView } from '#client/model.ts';
import { drawnColours, pictureOf } from './pictures.ts';
import type { Scene } from './scripted-client.ts';

const person = (
  name: string,
  slot: number,
  change: Partial<ParticipantView> = {},
): ParticipantView => ({
  person: name,
  device: `device of ${name}`,
  name,
  slot,
  isMe: false,
  hasAudio: true,
  hasVideo: true,
  hasScreen: false,
  isSpeaking: false,
  voice: 'verified',
  ...change,
});
const sara = person('Sara', 0, { person: 'me', isMe: true });
const noor = person('Noor', 1);
const seven = [
  person('Noor', 1, { isSpeaking: true }),
  person('Marc', 2),
  person('Ines', 3, { hasAudio: false }),
  person('Jonas', 0, { hasAudio: false }),
  person('Leila', 2, { hasAudio: false, hasVideo: false }),
  person('Tomas', 1, { hasVideo: false }),
  sara,
];
const call = (change: Partial<CallView>): CallView => ({
  id: 'call1',
  kind: 'one-to-one',
  cid: 'all',
  title: 'Noor',
  step: 'on',
  wantsVideo: true,
  path: 'direct',
  participants: [noor, sara],
  microphone: true,
  camera: true,
  screen: false,
  ...change,
});
const conference = (change: Partial<CallView> = {}): CallView =>
  call({
    kind: 'conference',
    title: 'All parties',
    path: 'box',
    participants: seven,
    microphone: false,
    ...change,
  });

const places = ['school', 'schoolText', 'no', 'river', 'bridge'];
const element = (id: string, type: string, x: number, y: number, more: object) =>
  JSON.stringify({
    id,
    type,
    x,
    y,
    width: 160,
    height: 90,
    angle: 0,
    strokeColor: drawnColours.ink,
    backgroundColor: 'transparent',
    fillStyle: 'solid',
    strokeWidth: 2,
    strokeStyle: 'solid',
    roughness: 1,
    opacity: 100,
    groupIds: [],
    frameId: null,
    roundness: null,
    seed: 7,
    version: 3,
    versionNonce: 11,
    isDeleted: false,
    boundElements: null,
    index: `a${places.indexOf(id)}`,
    updated: 1,
    link: null,
    locked: false,
    ...more,
  });
const words = (text: string, containerId: string | null) => ({
  text,
  originalText: text,
  fontSize: 20,
  fontFamily: 5,
  textAlign: 'center',
  verticalAlign: 'middle',
  containerId,
  lineHeight: 1.25,
  autoResize: true,
});
const board = (change: Partial<BoardView> = {}): BoardView => ({
  id: 'board1',
  cid: 'all',
  elements: [
    element('school', 'rectangle', 220, 160, {
      boundElements: [{ id: 'schoolText', type: 'text' }],
    }),
    element('schoolText', 'text', 266, 192, {
      ...words('School', 'school'),
      width: 68,
      height: 25,
    }),
    element('no', 'ellipse', 120, 380, { strokeColor: drawnColours.green, width: 90 }),
    element('river', 'freedraw', 60, 560, {
      points: [
        [0, 0],
        [140, -30],
        [280, -10],
        [420, -80],
      ],
      pressures: [],
      simulatePressure: true,
      strokeColor: drawnColours.blue,
      lastCommittedPoint: null,
    }),
    element('bridge', 'text', 330, 430, { ...words('Mill bridge', null), width: 110, height: 25 }),
  ],
  pointers: [
    { device: 'd1', name: 'Noor', slot: 1, x: 330, y: 270 },
    { device: 'd2', name: 'Marc', slot: 2, x: 200, y: 470 },
  ],
  saved: 'sent',
  ...change,
});

/** Scenes of calls, conferences, files and boards over a mission. */
export function callScenes(
  mission: MissionView,
  inMission: (route: string, change?: Partial<ClientView>) => Scene,
  log: readonly MessageView[],
): Record<string, Scene> {
  const [first] = log;
  if (!first) return {};
  const line = (sid: string, change: Partial<MessageView>): MessageView => ({
    ...first,
    sid,
    name: 'Noor',
    author: 'Noor',
    slot: 1,
    text: '',
    ...change,
  });
  const file = (sid: string, change: Partial<FileView>, more: Partial<MessageView> = {}) =>
    line(sid, {
      kind: 'file',
      file: {
        sid,
        name: `needs of the school ${sid}.pdf`,
        sizeBytes: 20_000_000,
        state: 'offered',
        doneBytes: 0,
        ...change,
      },
      ...more,
    });
  const mine = { isMine: true, author: 'me', name: 'Sara', slot: 0 };
  const inCall = (view: CallView): Scene => ({
    ...inMission(`/call/${view.id}`, { call: view }),
    stream: pictureOf,
  });
  const withBoard = (view: BoardView, change: Partial<ClientView> = {}): Scene => ({
    ...inMission('/chats/all/board', change),
    board: view,
  });
  const ongoing = [{ cid: 'all', conf: 'conf1', people: 3 }];
  const calls: readonly MessageView[] = [
    line('c1', { kind: 'call', call: { kind: 'one-to-one', state: 'no-answer' } }),
    line('c2', {
      kind: 'call',
      call: { kind: 'one-to-one', state: 'ended', durationMs: 245_000, person: 'Noor' },
      ...mine,
    }),
    line('c3', { kind: 'call', call: { kind: 'conference', state: 'on' } }),
    line('c4', { kind: 'board' }),
  ];
  return {
    calls: {
      ...inMission('/calls', { mission: { ...mission, ongoing } }),
      messages: { all: calls },
    },
    'calls-empty': inMission('/calls'),
    'chat-calls': {
      ...inMission('/chats/all', { mission: { ...mission, ongoing } }),
      messages: { all: calls },
    },
    'chat-two': {
      ...inMission('/chats/all', { mission: { ...mission, people: mission.people.slice(0, 2) } }),
      messages: { all: log },
    },
    'chat-files': {
      ...inMission('/chats/all'),
      messages: {
        all: [
          file('1', { state: 'uploading', doneBytes: 6_200_000 }, mine),
          file('2', { state: 'paused', doneBytes: 9_000_000 }, mine),
          file('3', {}),
          file('4', { state: 'fetching', doneBytes: 15_500_000 }),
          file('5', { state: 'here', doneBytes: 20_000_000 }),
          file('6', { state: 'damaged' }),
        ],
      },
    },
    incoming: {
      ...inMission('/chats', {
        incoming: call({ step: 'incoming', participants: [noor] }),
      }),
      stream: pictureOf,
    },
    outgoing: inCall(call({ step: 'outgoing', ringing: 2 })),
    'pre-join': inCall(conference({ step: 'before', participants: seven, camera: true })),
    'pre-join-denied': inCall(
      conference({
        step: 'before',
        camera: false,
        problem: {
          code: 'CALL_DEVICE_DENIED',
          says: 'The browser does not let Parley use this.',
          advice: 'Allow it in the settings of the browser. Then try again.',
        },
      }),
    ),
    'pre-join-refused': inCall(
      conference({
        step: 'before',
        camera: false,
        problem: { code: 'CALL_NO_ENCRYPTION', says: '', advice: '' },
      }),
    ),
    'one-to-one': inCall(call({})),
    reconnecting: inCall(call({ step: 'reconnecting', path: 'relay', camera: false })),
    'call-ended': inCall(call({ step: 'ended', ended: 'no-answer' })),
    conference: inCall(conference()),
    'conference-alone': inCall(conference({ participants: [sara] })),
    'conference-doubt': inCall(
      conference({
        participants: [noor, person('Ines', 3, { voice: 'forged' }), sara],
      }),
    ),
    'conference-screen': inCall(
      conference({ participants: [person('Noor', 1, { hasScreen: true }), ...seven.slice(1, 4)] }),
    ),
    board: withBoard(board()),
    'board-empty': withBoard(board({ elements: [], pointers: [] })),
    'board-offline': withBoard(board({ saved: 'kept' }), { link: { state: 'none' } }),
  };
}
