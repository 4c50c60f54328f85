import type { Engine } from '#protocol/ports.ts';
import { Boards } from './boards/boards.ts';
import type { Calls } from './calls/calls.ts';
import type { Carrier } from './exchange.ts';
import { Files } from './files/files.ts';
import type { ClientProblem } from './model.ts';
import type { Platform } from './ports.ts';
import type { Rooms } from './rooms.ts';
import type { Vault } from './vault.ts';

/** What files and boards need of their mission. */
export interface SharingDeps {
  platform: Platform;
  engine: Engine;
  vault: Vault;
  rooms: Rooms;
  calls: Calls;
  carrier: Carrier;
  /** Whether the mission is closed, so that nothing more is said. */
  isClosed: () => boolean;
  ring: () => void;
  onAside: () => void;
  onProblem: (told: ClientProblem) => void;
}

/** The files and boards of a mission's conversations. */
export function sharing(deps: SharingDeps): { files: Files; boards: Boards } {
  const { calls, carrier, engine, isClosed, onAside, onProblem, platform, ring, rooms, vault } =
    deps;
  const { clock } = platform;
  const common = { clock, vault, ring, onChange: onAside };
  const files = new Files({
    ...common,
    engine,
    platform: platform.files,
    carrier,
    post: rooms,
    isClosed,
    onProblem,
  });
  const boards = new Boards({
    ...common,
    rooms,
    isIn: (cid, device) => calls.circle.isIn(cid, device),
    tell: (room, body) => {
      calls.mailbox.tell(room, 'board', body);
    },
  });
  return { files, boards };
}
