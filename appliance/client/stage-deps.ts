import type { Engine } from '#protocol/ports.ts';
import type { FoundingDeps } from './founding.ts';
import { genesisOf, makeFound, settle } from './founding-start.ts';
import type { JoiningDeps } from './joining.ts';
import { OpenCarrier } from './exchange.ts';
import { LinkDoor } from './linking/link-door.ts';
import type { NewDeviceDeps } from './linking/new-device.ts';
import type { OpenDoor } from './open-door.ts';
import type { DeviceKeys, Platform } from './ports.ts';
import type { SelfRecord } from './self.ts';
import type { Vault } from './vault.ts';

/** What every stage before the mission is made of. */
export interface Ground {
  platform: Platform;
  engine: Engine;
  vault: Vault;
  door: OpenDoor;
  device(): Promise<DeviceKeys>;
  onChange(): void;
  /** The device is in a mission from now on; `self` is kept already. */
  beMember(self: SelfRecord): Promise<void>;
}

/** What a founding needs. */
export function foundingDeps(ground: Ground): FoundingDeps {
  const { beMember, device, door, engine, onChange, platform, vault } = ground;
  const { clock, network, storage } = platform;
  return {
    ...{ engine, clock, vault, door, device, onChange },
    origin: network.origin,
    makeFound: async (founded, mine) => makeFound(engine, clock, await device(), founded, mine),
    cidOf: (founded) => genesisOf(founded).cid,
    onFounded: async (complete) => {
      await beMember(await settle({ engine, storage, vault, device: await device() }, complete));
    },
  };
}

/** What joining with an invitation needs. */
export function joiningDeps(ground: Ground): JoiningDeps {
  const { beMember, device, door, engine, onChange, platform, vault } = ground;
  return {
    ...{ engine, vault, door, device, onChange },
    clock: platform.clock,
    onAdmitted: async (self) => {
      await vault.write([{ key: 'self', value: self }, { key: 'joining' }]);
      await beMember(self);
    },
  };
}

/** What becoming a further device needs, at the box with that key hash. */
export async function newDeviceDeps(ground: Ground, box: Uint8Array): Promise<NewDeviceDeps> {
  const { beMember, device, engine, onChange, platform, vault } = ground;
  const { clock, network } = platform;
  return {
    ...{ engine, clock, box, onChange },
    door: new LinkDoor(new OpenCarrier(network)),
    origin: network.origin,
    device: await device(),
    keep: (changes) => vault.write(changes),
    onLinked: beMember,
  };
}
