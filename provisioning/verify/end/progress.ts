import { isDeviceEffective, leadsOf, unitsOf, type MissionState } from '../mission/state.ts';
import type { Threshold } from '../identity/founding.ts';
import { carries } from '../votes/threshold.ts';

/** Whether more than half of the units wrote above the close (§9.7-3). Nothing acts on it before. */
export function isCloseFinal(state: MissionState): boolean {
  const units = unitsOf(state);
  const said = new Set([...state.end.finals.values()].map(({ party }) => party));
  return (
    state.closes.length > 0 && 2 * units.filter((unit) => said.has(unit)).length > units.length
  );
}

/** T6: units for whom enough others wrote that the waiting time is over. */
export function excused(state: MissionState): string[] {
  const units = unitsOf(state);
  const electorate = new Map(units.map((unit) => [unit, leadsOf(state, unit)]));
  const threshold = state.charter['close'] as Threshold;
  return units.filter((unit) => {
    const by = state.end.elapsed.filter(({ of }) => of === unit).map(({ party }) => party);
    const votes = units.filter((one) => by.includes(one));
    return carries(threshold, electorate, votes, unit);
  });
}

/** Devices of units that are waited for, without a last word and not given up. */
export function missing(state: MissionState): string[] {
  const gone = excused(state);
  const waited = unitsOf(state).filter((unit) => !gone.includes(unit));
  const finals = [...state.end.finals.values()];
  return [...state.devices.keys()]
    .filter((dfp) => {
      if (!isDeviceEffective(state, dfp) || state.end.finals.has(dfp)) return false;
      const party = state.members.get(state.devices.get(dfp)?.member ?? '')?.party as string;
      const isGivenUp = finals.some((one) => one.party === party && one.up.includes(dfp));
      return waited.includes(party) && !isGivenUp;
    })
    .sort();
}

/** T7: what keeps the record from being enough for a wipe, in words; nothing if all is there. */
export function notReadyForWipe(state: MissionState, record: { h: string; r: string }): string[] {
  const gone = excused(state);
  const isOf = (one: { h: string; r: string }): boolean => one.h === record.h && one.r === record.r;
  const { disputes, receipts } = state.end;
  const has = (unit: string): boolean => receipts.some((one) => one.party === unit && isOf(one));
  const units = unitsOf(state).filter((unit) => !gone.includes(unit));
  return [
    ...(isCloseFinal(state) ? [] : ['the close is not final']),
    ...units.flatMap((unit) =>
      has(unit) ? [] : [`party ${unit} signed no receipt for this record`],
    ),
    ...(receipts.some(isOf) ? [] : ['nobody signed a receipt']),
    ...units.flatMap((unit) =>
      disputes.some((one) => one.party === unit && !one.isSettled)
        ? [`party ${unit} disputes`]
        : [],
    ),
  ];
}
