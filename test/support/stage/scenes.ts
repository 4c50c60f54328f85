import type { ClientView, FoundingView, MessageView, MissionView } from '#client/model.ts';
import { callScenes } from './call-scenes.ts';
import { closingScenes } from './closing-scenes.ts';
import { searchScenes } from './search-scenes.ts';
import type { Scene } from './scripted-client.ts';

const parties = [
  { slot: 0, name: 'Red', code: 'R' },
  { slot: 1, name: 'Blue', code: 'B' },
  { slot: 2, name: 'Green', code: 'G' },
  { slot: 3, name: 'Sky', code: 'S' },
];
const charter = {
  name: 'Flood response',
  purpose: 'Bring water, shelter and medicine to the flooded villages.',
  parties,
  history: 'all',
  addParty: 'two-thirds',
  close: 'two-thirds',
  wipeAfterHours: 24,
} as const;
const code = { digits: '44170926883520716604', pictures: [44, 17, 9, 26, 88, 35, 20, 71, 66, 4] };
const joinLink = `https://192.168.8.1:8443/#/j/${'AQEkR3tQ'.repeat(11)}`;

const founding = (change: Partial<FoundingView>): Scene => ({
  view: {
    stage: 'founding',
    link: { state: 'linked' },
    box: { hasMission: false, hasFounding: true },
    founding: {
      charter,
      step: 'party',
      taken: [],
      compared: [],
      signed: [],
      joinLink,
      ...change,
    },
  },
});

/** A moment of today, for messages that stand under "Today". */
const at = (hour: number, minute: number) => new Date().setHours(hour, minute, 0, 0);
const text = (sid: string, change: Partial<MessageView>): MessageView => ({
  sid,
  kind: 'text',
  author: change.name ?? 'me',
  slot: 0,
  isMine: false,
  text: '',
  atMs: at(0, 5),
  delivery: 'sent',
  isLate: false,
  isEdited: false,
  isDeleted: false,
  reactions: [],
  ...change,
});
const log: readonly MessageView[] = [
  text('1', { kind: 'event', text: 'Sara started this conversation' }),
  text('2', {
    name: 'Noor',
    slot: 1,
    text: 'The bridge at Mill Road is open again. One lane, no trucks over 7 t.',
    atMs: at(0, 18),
  }),
  text('3', {
    isMine: true,
    text: 'Good. Then we move the water tanks first.',
    atMs: at(0, 20),
    reactions: [{ emoji: '👍', count: 3, isMine: false }],
  }),
  text('4', {
    name: 'Leila',
    slot: 2,
    text: 'School has room for 40. List of needs comes later.',
    atMs: at(0, 2),
    isLate: true,
  }),
  text('5', {
    name: 'Leila',
    slot: 2,
    text: 'Edited: room for 45.',
    atMs: at(0, 3),
    isLate: true,
    isEdited: true,
  }),
  text('6', { name: 'Ines', slot: 3, text: '', isDeleted: true, atMs: at(0, 30) }),
  text('7', {
    isMine: true,
    text: 'Thank you. I bring blankets at six.',
    atMs: at(0, 31),
    delivery: 'kept',
    reply: { sid: '4', name: 'Leila', text: 'School has room for 40' },
  }),
];
const me = { id: 'me', name: 'Sara', slot: 0, isLead: true, isMe: true };
const person = (name: string, slot: number, isLead = false) => ({
  id: name,
  name,
  slot,
  isLead,
  isMe: false,
});
const mission: MissionView = {
  charter,
  code,
  compared: [0, 1, 3],
  me,
  devices: [{ id: 'd1', number: 1, isThis: true, lastMs: at(0, 5) }],
  people: [
    me,
    person('Jonas', 0, true),
    person('Tarek', 0),
    person('Noor', 1, true),
    person('Tomas', 1),
    person('Marc', 2, true),
    person('Leila', 2),
    { id: 'x', slot: 3, isLead: true, isMe: false },
  ],
  conversations: [
    {
      cid: 'all',
      title: 'All parties',
      memberCount: 8,
      unread: 3,
      history: 'all',
      last: {
        author: 'Noor',
        slot: 1,
        text: 'The bridge at Mill Road is open again',
        atMs: at(0, 32),
        isMine: false,
      },
    },
    {
      cid: 'water',
      title: 'Water and shelter',
      memberCount: 5,
      unread: 0,
      history: 'all',
      last: { slot: 0, text: 'Photo list of the school', atMs: at(0, 20), isMine: true },
    },
    {
      cid: 'med',
      title: 'Medical',
      memberCount: 5,
      unread: 2,
      history: 'join',
      loading: { done: 120, total: 800 },
    },
  ],
  invitations: [
    { id: 'i1', kind: 'open', uses: 5, used: 2, stopped: false, link: joinLink },
    { id: 'i2', kind: 'person', uses: 1, used: 1, stopped: false },
  ],
  ongoing: [],
  votes: [],
  claims: [{ id: 'k1', name: 'Amal', digits: '482913' }],
};
const inMission = (route: string, change: Partial<ClientView> = {}): Scene => ({
  route,
  view: { stage: 'mission', link: { state: 'linked' }, mission, ...change },
  messages: { all: log },
});
const welcome = (hasMission: boolean, hasFounding: boolean, route = '/'): Scene => ({
  route,
  view: { stage: 'welcome', link: { state: 'linked' }, box: { hasMission, hasFounding } },
});
/** The code that was scanned came from the box's own console. */
const withOpeningKey = (route: string): Scene => ({
  route,
  view: {
    stage: 'welcome',
    link: { state: 'linked' },
    box: { hasMission: false, hasFounding: true, canReplaceFounding: true },
  },
});
const joining = (
  step: 'name' | 'waiting-for-lead' | 'compare-digits' | 'joining' | 'refused',
): Scene => ({
  view: {
    stage: 'joining',
    link: { state: 'linked' },
    joining: {
      mission: 'Flood response',
      party: 'Red',
      step,
      ...(step === 'compare-digits' ? { digits: '482913' } : {}),
      ...(step === 'refused'
        ? {
            problem: {
              code: 'CLIENT_INVITATION_USED',
              says: 'This invitation was used up.',
              advice: 'Ask a lead of Red for a new one.',
            },
          }
        : {}),
    },
  },
});
const many = Array.from({ length: 12 }, (_, slot) => ({
  slot,
  name: `Organisation number ${slot + 1}`,
  code: `${String.fromCharCode(65 + slot)}${slot > 8 ? 'X' : ''}`,
}));
const messages5000 = Array.from({ length: 5000 }, (_, n) =>
  text(`l${n}`, {
    name: ['Noor', 'Leila', 'Marc'][n % 3] ?? 'Noor',
    slot: 1 + (n % 3),
    text: `Message number ${n}`,
    atMs: at(0, 0) - (5000 - n) * 60_000,
  }),
);

/** Every screen and state that can be looked at alone, by name. */
export const scenes: Readonly<Record<string, Scene>> = {
  starting: { view: { stage: 'starting', link: { state: 'none' } } },
  elsewhere: { view: { stage: 'elsewhere', link: { state: 'none' } } },
  welcome: welcome(false, false),
  'welcome-founding': welcome(false, true),
  'welcome-start-over': withOpeningKey('/'),
  'welcome-mission': welcome(true, false),
  scan: welcome(true, false, '/scan'),
  propose: welcome(false, false, '/found/propose'),
  'propose-anew': withOpeningKey('/found/anew'),
  'found-party': founding({ taken: [1] }),
  'found-gathering': founding({ step: 'gathering', mySlot: 0, taken: [0, 3] }),
  'found-code': founding({ step: 'code', mySlot: 0, taken: [0, 1, 2, 3], compared: [1, 3], code }),
  'found-sign': founding({ step: 'sign', mySlot: 0, compared: [0, 1, 2, 3], signed: [1], code }),
  'found-waiting': founding({
    step: 'waiting',
    mySlot: 0,
    compared: [0, 1, 2, 3],
    signed: [0, 1],
    code,
  }),
  'found-twelve': founding({
    charter: { ...charter, parties: many, close: 'all', addParty: 'all' },
    step: 'waiting',
    mySlot: 0,
    compared: [0, 1, 2, 3],
    signed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    code,
  }),
  founded: founding({ step: 'founded', mySlot: 0, signed: [0, 1, 2, 3], code }),
  'found-ended': founding({
    ended: {
      code: 'CLIENT_CODE_DIFFERS',
      says: 'Blue says that the safety code differs.',
      advice: 'Stop and talk to each other. Then propose again.',
    },
  }),
  join: joining('name'),
  'join-waiting': joining('waiting-for-lead'),
  'join-digits': joining('compare-digits'),
  'join-entering': joining('joining'),
  'join-refused': joining('refused'),
  chats: inMission('/chats'),
  'chats-empty': inMission('/chats', {
    mission: { ...mission, conversations: [], claims: [], people: [me] },
  }),
  chat: inMission('/chats/all', { link: { state: 'none' } }),
  'chat-problem': inMission('/chats/all', {
    problem: {
      code: 'CLIENT_FULL',
      says: 'The box has no room for new messages.',
      advice: 'Ask a lead to free room. Your message is kept on this device.',
    },
  }),
  'chat-long': { ...inMission('/chats/all'), messages: { all: messages5000 } },
  'chat-gone': inMission('/chats/nowhere'),
  ...searchScenes((route) => inMission(route), log, messages5000),
  people: inMission('/people'),
  party: inMission('/people/party/0'),
  invite: inMission('/invite'),
  invitation: inMission('/invite/i1'),
  mission: inMission('/mission', { link: { state: 'catching-up', done: 12, total: 90 } }),
  settings: inMission('/settings'),
  ...closingScenes(mission, (route, change) => inMission(route, change)),
  ...callScenes(mission, (route, change) => inMission(route, change), log),
};
