import { fromB64u } from '../codec/text-form.ts';
import { missionChamber } from './mission-chamber.ts';
import { isDeviceEffective, isPartyEffective, type MissionState } from './mission-state.ts';
import { carries } from './threshold.ts';

/** Of one device: where its chains end (T3). A later one takes the place of an earlier one. */
export interface Final {
  readonly by: string;
  readonly party: string;
  /** `H("nonce", nonce)`, b64u, of a lead that means to agree (T5). */
  readonly n?: string;
  /** Last number it claims in every conversation that it wrote in, sorted. */
  readonly q: readonly (readonly [cid: string, q: number])[];
  /** Devices of the own party that are not waited for, sorted. */
  readonly up: readonly string[];
}

/** What names one record: the SHA-512 of its bytes in hex, and its root R in b64u. */
export interface RecordName {
  readonly h: string;
  readonly r: string;
}

/** A party has the record and misses no commit in it (T3). */
export interface Agreement extends RecordName {
  readonly by: string;
  /** Height of the commit: the newest of several counts. */
  readonly l: number;
  readonly party: string;
  readonly device: string;
  /** The revealed nonce, 32 bytes in b64u. */
  readonly n: string;
  /** The box's signature that it proposed this record. */
  readonly s: string;
}

/** A party's signed receipt with its proof of possession (T5). */
export interface Receipt extends RecordName {
  readonly by: string;
  readonly l: number;
  readonly party: string;
  readonly member: string;
  /** Possession, 64 bytes in b64u. */
  readonly p: string;
  /** Signature by the member key. */
  readonly s: string;
}

/** A party has waited long enough for another, or lets the others go on without itself (T6). */
interface Elapsed {
  readonly by: string;
  readonly party: string;
  readonly of: string;
}

/** Why a party wants the wipe to wait. */
export const disputeReasons = ['damaged', 'differs', 'missing', 'refused'] as const;

/** A party wants the wipe to wait; a receipt of it that knows this settles it. */
export interface Dispute {
  readonly by: string;
  readonly party: string;
  readonly why: (typeof disputeReasons)[number];
  readonly isSettled: boolean;
}

/** What the parties said after the close (T3–T6). */
export interface End {
  /** By device. */
  readonly finals: ReadonlyMap<string, Final>;
  /** By `sid`. */
  readonly agreed: ReadonlyMap<string, Agreement>;
  readonly receipts: ReadonlyMap<string, Receipt>;
  readonly elapsed: ReadonlyMap<string, Elapsed>;
  readonly disputes: ReadonlyMap<string, Dispute>;
}

/** An end that has not begun. */
export const noEnd: End = {
  finals: new Map(),
  agreed: new Map(),
  receipts: new Map(),
  elapsed: new Map(),
  disputes: new Map(),
};

/** Parties neither removed nor withdrawn, sorted. */
export function endUnits(state: MissionState): string[] {
  return [...state.parties.keys()].filter((party) => isPartyEffective(state, party)).sort();
}

/** Whether devices of more than half of the units wrote above the close (§9.7-3). */
export function isCloseFinal(state: MissionState): boolean {
  const wrote = new Set([...state.end.finals.values()].map(({ party }) => party));
  const units = endUnits(state);
  return (
    state.closed.length > 0 && 2 * units.filter((unit) => wrote.has(unit)).length > units.length
  );
}

/**
 * T6: units for which enough others have waited long enough. The charter's threshold is counted
 * without the unit itself, the strict majority with it: of two parties both must say so (V10).
 */
export function excusedUnits(state: MissionState): string[] {
  const units = endUnits(state);
  const threshold = missionChamber.threshold(state, 'close');
  return units.filter((of) => {
    const said = new Set(
      [...state.end.elapsed.values()].flatMap((held) => (held.of === of ? [held.party] : [])),
    );
    const voted = units.filter((unit) => unit !== of && said.has(unit)).length;
    const count = { voted, units: units.length, targetIsUnit: true, targetVoted: said.has(of) };
    return carries(threshold, count);
  });
}

/** Units whose agreement and receipt the wipe needs, sorted. */
export function requiredUnits(state: MissionState): string[] {
  const excused = excusedUnits(state);
  return endUnits(state).filter((unit) => !excused.includes(unit));
}

/** Devices without a `final` that the record waits for, of these units, sorted. */
export function missingDevices(
  state: MissionState,
  units: readonly string[] = requiredUnits(state),
): string[] {
  const required = new Set(units);
  const given = new Set([...state.end.finals.values()].flatMap(({ up }) => up));
  return [...state.devices]
    .filter(([device, { member }]) => {
      if (state.end.finals.has(device) || given.has(device)) return false;
      const party = state.members.get(member)?.party ?? '';
      return required.has(party) && isDeviceEffective(state, device);
    })
    .map(([device]) => device)
    .sort();
}

/** Whether the box may build the record (T3). */
export function isReadyForRecord(state: MissionState): boolean {
  return isCloseFinal(state) && missingDevices(state).length === 0;
}

/** The party's newest agreement, or its newest about this record. */
export function agreementOf(
  state: MissionState,
  party: string,
  about?: RecordName,
): Agreement | undefined {
  return newest(state.end.agreed, party, about);
}

/** The party's newest receipt, or its newest for this record. */
export function receiptOf(
  state: MissionState,
  party: string,
  about?: RecordName,
): Receipt | undefined {
  return newest(state.end.receipts, party, about);
}

/**
 * Nonces that a receipt of this party for this record must answer (T5): those of every other
 * party that agreed to it, in order of pfp. `state` is that of the receipt's past.
 */
export function noncesFor(state: MissionState, party: string, about: RecordName): Uint8Array[] {
  return [...state.parties.keys()].sort().flatMap((other) => {
    if (other === party) return [];
    return fromB64u(agreementOf(state, other, about)?.n ?? '', 32) ?? [];
  });
}

/** Disputes that no receipt has settled, of units that are not excused. */
export function openDisputes(state: MissionState): Dispute[] {
  const required = requiredUnits(state);
  return [...state.end.disputes.values()].filter(
    ({ isSettled, party }) => !isSettled && required.includes(party),
  );
}

/**
 * T7: whether the box may wipe. `isTrue` says of a receipt whether its possession is right, which
 * only somebody with the record can say.
 */
export function isReadyForWipe(
  state: MissionState,
  record: RecordName,
  isTrue: (receipt: Receipt) => boolean = () => true,
): boolean {
  const required = requiredUnits(state);
  if (!isCloseFinal(state) || required.length === 0) return false;
  if (openDisputes(state).length > 0) return false;
  return required.every((unit) =>
    [...state.end.receipts.values()].some(
      (held) => held.party === unit && isAbout(held, record) && isTrue(held),
    ),
  );
}

function newest<T extends RecordName & { by: string; l: number; party: string }>(
  held: ReadonlyMap<string, T>,
  party: string,
  about: RecordName | undefined,
): T | undefined {
  return [...held.values()]
    .filter((one) => one.party === party && (about === undefined || isAbout(one, about)))
    .sort((a, b) => b.l - a.l || (a.by < b.by ? 1 : -1))[0];
}

/** Whether two names are of one record. */
export function isAbout(one: RecordName, other: RecordName): boolean {
  return one.h === other.h && one.r === other.r;
}
