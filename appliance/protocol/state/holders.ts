import { statusOf, type ChildState, type Gift } from './child-state.ts';
import { isDeviceEffective, isMemberEffective, type MissionState } from './mission-state.ts';
import { subject, unlifted } from './removal.ts';

/** Who can open an epoch (K11): recipients, those given it, and holders of later epochs linked back. */
function holdersOf(state: ChildState, eid: string): readonly Gift[] {
  return holderTable(state).get(eid) ?? [];
}

/** Whether this device holds the epoch's key, as far as commits show. */
export function isHolder(
  state: ChildState,
  mission: MissionState,
  eid: string,
  device: string,
): boolean {
  const member = mission.devices.get(device)?.member;
  return holdersOf(state, eid).some(
    ({ class: cls, to }) => to === (cls === 'device' ? device : member),
  );
}

const usable = new WeakMap<ChildState, WeakMap<MissionState, Map<string, boolean>>>();

/** K4 with K11: the epoch stands and nobody who was removed can open it. */
export function isUsable(state: ChildState, mission: MissionState, eid: string): boolean {
  if (!state.epochs.has(eid)) return false;
  // Asked for every message, and always the same while no control commit comes between.
  const inner = usable.get(state) ?? new WeakMap<MissionState, Map<string, boolean>>();
  usable.set(state, inner);
  const verdicts = inner.get(mission) ?? new Map<string, boolean>();
  inner.set(mission, verdicts);
  const known = verdicts.get(eid);
  if (known !== undefined) return known;
  const made = holdersOf(state, eid).every((holder) => isStillReader(state, mission, holder));
  verdicts.set(eid, made);
  return made;
}

function isStillReader(
  state: ChildState,
  mission: MissionState,
  { class: cls, to }: Gift,
): boolean {
  if (cls === 'member') return isReader(state, mission, to);
  const member = mission.devices.get(to)?.member;
  if (member === undefined || !isDeviceEffective(mission, to)) return false;
  if (unlifted(state.removals, subject('device', to)).length > 0) return false;
  return isReader(state, mission, member);
}

/** An invited person keeps the right to read until withdrawn (K11). */
function isReader(state: ChildState, mission: MissionState, member: string): boolean {
  const status = statusOf(state, mission, member);
  if (!isMemberEffective(mission, member)) return false;
  return status === 'admin' || status === 'member' || status === 'invited';
}

const tables = new WeakMap<ChildState, ReadonlyMap<string, readonly Gift[]>>();

function holderTable(state: ChildState): ReadonlyMap<string, readonly Gift[]> {
  const known = tables.get(state);
  if (known !== undefined) return known;
  const keys = new Map<string, Map<string, Gift>>();
  for (const { id, holders } of state.epochs.values()) {
    const gifts = holders.map((to): Gift => ({ class: 'device', to }));
    keys.set(id, byName([...gifts, ...(state.gifts.get(id) ?? [])]));
  }
  // From the newest generation down, so that one pass carries holders along all links.
  const falling = [...state.epochs.values()].sort((a, b) => b.generation - a.generation);
  for (const { id, back } of falling) {
    for (const earlier of back) {
      const held = keys.get(earlier);
      if (held) for (const [name, gift] of keys.get(id) ?? []) held.set(name, gift);
    }
  }
  const table = new Map([...keys].map(([id, held]) => [id, [...held.values()]] as const));
  tables.set(state, table);
  return table;
}

function byName(gifts: readonly Gift[]): Map<string, Gift> {
  return new Map(gifts.map((gift) => [`${gift.class} ${gift.to}`, gift]));
}
