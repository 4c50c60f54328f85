import {
  agreementOf,
  endUnits,
  excusedUnits,
  isReadyForRecord,
  isReadyForWipe,
  missingDevices,
  openDisputes,
  receiptOf,
  requiredUnits,
} from '#protocol/state/end.ts';
import { isDeviceEffective, type MissionState } from '#protocol/state/mission-state.ts';
import { charterOf } from '#protocol/state/rules.ts';
import type { ClosingView, MissingPartyView, PartySyncView } from '../closing-model.ts';
import type { Certificate } from './certificate.ts';
import type { EndNews, Offer } from './end-door.ts';
import type { LastSync } from './last-sync.ts';
import type { Receipts } from './receipts.ts';
import type { RecordCopy } from './record-copy.ts';
import type { Voice } from './voice.ts';
import type { Waiting } from './waiting.ts';

/** What the end is shown from. */
export interface ClosingParts {
  voice: Voice;
  sync: LastSync;
  copy: RecordCopy;
  receipts: Receipts;
  waiting: Waiting;
  certificate: Certificate;
  /** What the box said last of its own part; undefined before it did. */
  news: EndNews | undefined;
  /** Files of this device that were not on the box when the mission was closed. */
  unsentFiles: number;
}

/** The end of the mission for the screens. */
export function closingView(parts: ClosingParts): ClosingView {
  const { certificate, copy, news, receipts, sync, unsentFiles, voice } = parts;
  const { state } = voice;
  const { offer } = copy;
  const parties = [...state.parties.keys()];
  const slots = (parties: readonly string[]): number[] => slotsOf(state, parties);
  const record = recordView(parts);
  const held = certificate.view();
  const { proof } = receipts;
  return {
    step: stepOf(parts),
    sync: syncViews(state),
    unsent: sync.unsent + unsentFiles,
    canGiveUp: voice.isClosed && voice.isLead && sync.missing().length > 0,
    ...(news?.build && { build: news.build }),
    ...(record && { record }),
    units: slots(endUnits(state)),
    agreed: slots(parties.filter((party) => agreementOf(state, party, offer) !== undefined)),
    receipts: slots(parties.filter((party) => receiptOf(state, party, offer) !== undefined)),
    excused: slots(excusedUnits(state)),
    disputes: openDisputes(state)
      .flatMap(({ party, why }) => slots([party]).map((slot) => ({ slot, why })))
      .sort((a, b) => a.slot - b.slot),
    missing: held || !voice.isClosed ? [] : missingViews(parts, offer),
    receipt: receipts.state,
    canSign: receipts.canSign,
    ...(proof !== undefined && { proof }),
    ...(held && { certificate: held }),
  };
}

function recordView({ copy, receipts }: ClosingParts): ClosingView['record'] {
  const view = copy.view();
  const { problem } = receipts;
  return view && problem ? { ...view, problem } : view;
}

function stepOf({ certificate, copy, news, voice }: ClosingParts): ClosingView['step'] {
  const { state } = voice;
  // That the box says it is wiped proves nothing: the receipts that are here and the certificate do.
  if (certificate.isHere) return 'wiped';
  if (copy.offer) return isDue(state, copy.offer, news) ? 'wiping' : 'record';
  return isDueToBuild(state, news) || news?.step === 'building' ? 'building' : 'sync';
}

/** Whether nothing holds the record up; nobody who is away is left out before the box's own time. */
function isDueToBuild(state: MissionState, news: EndNews | undefined): boolean {
  const isEarly = boxSecondsLeft(state, news) > 0;
  return isReadyForRecord(state) && !(isEarly && missingDevices(state, endUnits(state)).length > 0);
}

/** Whether nothing holds the wipe up any more; nobody is excused before the box's own time (T6). */
function isDue(state: MissionState, offer: Offer, news: EndNews | undefined): boolean {
  const isEarly = excusedUnits(state).length > 0 && boxSecondsLeft(state, news) > 0;
  return isReadyForWipe(state, offer) && !isEarly && (news?.waits.length ?? 0) === 0;
}

/** Seconds of its own time that the box still waits before it goes on without a party. */
function boxSecondsLeft(state: MissionState, news: EndNews | undefined): number {
  return Math.max(0, charterOf(state).wait * 3600 - (news?.waited ?? 0));
}

function syncViews(state: MissionState): PartySyncView[] {
  const { finals } = state.end;
  const given = new Set([...finals.values()].flatMap(({ up }) => up));
  const partyOf = (device: string): string | undefined =>
    state.members.get(state.devices.get(device)?.member ?? '')?.party;
  const present = [...state.devices.keys()].filter((device) => isDeviceEffective(state, device));
  return [...state.parties]
    .map(([party, { slot }]) => {
      const own = present.filter((device) => partyOf(device) === party);
      const done = own.filter((device) => finals.has(device));
      const givenUp = own.filter((device) => given.has(device) && !finals.has(device));
      return { slot, devices: own.length, done: done.length, givenUp: givenUp.length };
    })
    .sort((a, b) => a.slot - b.slot);
}

/** Whom the record waits for, and once it is there, whom the wipe does. */
function missingViews(
  { news, voice, waiting }: ClosingParts,
  offer: Offer | undefined,
): MissingPartyView[] {
  const { state } = voice;
  const absent = missingDevices(state, endUnits(state)).map(
    (device) => state.members.get(state.devices.get(device)?.member ?? '')?.party,
  );
  const isMissed = (unit: string): boolean =>
    offer
      ? !receiptOf(state, unit, offer) || (news?.waits.includes(unit) ?? false)
      : absent.includes(unit);
  const excused = excusedUnits(state);
  const boxLeft = boxSecondsLeft(state, news);
  // Those whom all others go on without are waited for as long as the box counts (T6).
  const late = boxLeft > 0 ? excused.filter(isMissed) : [];
  return [...requiredUnits(state).filter(isMissed), ...late]
    .map((unit): MissingPartyView => {
      const slot = state.parties.get(unit)?.slot ?? 0;
      const said = [...state.end.elapsed.values()].filter(({ of }) => of === unit);
      const parties = said.map(({ party }) => party);
      const secondsLeft = late.includes(unit) ? boxLeft : waiting.secondsLeft;
      return { slot, secondsLeft, goOn: slotsOf(state, parties) };
    })
    .sort((a, b) => a.slot - b.slot);
}

function slotsOf(state: MissionState, parties: readonly string[]): number[] {
  const slots = parties.flatMap((party) => state.parties.get(party)?.slot ?? []);
  return [...new Set(slots)].sort((a, b) => a - b);
}
