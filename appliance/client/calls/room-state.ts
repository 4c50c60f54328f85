import { isFingerprint } from '#protocol/codec/fingerprint.ts';
import { at, listAt, textAt } from '../exchange.ts';

/** A sender's track at the SFU, as the SFU says; which it really is, only its frames' key shows (W3). */
export interface Producer {
  id: string;
  device: string;
  kind: 'audio' | 'video';
}

/** Who and what is at the SFU, as the box says. */
export interface RoomState {
  peers: readonly string[];
  producers: readonly Producer[];
}

/** Most rows that are read of what the box says: more would fill memory, not a conference. */
const maxRows = 512;

/** Reads the box's answer; what has another form is left out. */
export function readRoomState(told: unknown): RoomState {
  const peers = listAt(told, 'peers').slice(0, maxRows).filter(isFingerprint);
  const producers = listAt(told, 'producers')
    .slice(0, maxRows)
    .flatMap((row): Producer[] => {
      const [id, device, kind] = [textAt(row, 'id'), textAt(row, 'd'), at(row, 'kind')];
      if (id === undefined || !isFingerprint(device)) return [];
      return kind === 'audio' || kind === 'video' ? [{ id, device, kind }] : [];
    });
  return { peers, producers };
}
