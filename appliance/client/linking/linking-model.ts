import type { Problem } from '../model.ts';

/** What both screens of a link show, to be compared by eye. */
export interface LinkDigits {
  /** Six decimal digits. */
  digits: string;
  /** The same as three indices 0…99 into the table of pictures. */
  pictures: readonly number[];
}

/** A device that is to become a person's further one. */
export interface NewDeviceView {
  /**
   * `code` shown, nobody has scanned it; `compare` the digits; `waiting` said here that they
   * match; `arriving` the keys are here; `ended` see `problem`.
   */
  step: 'code' | 'compare' | 'waiting' | 'arriving' | 'ended';
  /** Address for the person's other device; public. */
  code: string;
  compare?: LinkDigits;
  problem?: Problem;
}

/** The same link on the device that is in the mission. */
export interface OldDeviceView {
  /**
   * `connecting` until both have keys; `compare` the digits; `waiting` until it is said there as
   * well; `handing-over` certificate and keys; `done`; `ended` see `problem`.
   */
  step: 'connecting' | 'compare' | 'waiting' | 'handing-over' | 'done' | 'ended';
  compare?: LinkDigits;
  /** Whether the party's key is here, so that the person must choose whether it goes along. */
  hasPartyKey: boolean;
  problem?: Problem;
}

/** One of a person's own devices. */
export interface DeviceView {
  /** Fingerprint: an identity for lists, never shown. */
  id: string;
  /** From 1, in the order in which the mission got to know them. */
  number: number;
  isThis: boolean;
  /** When it last wrote anything that is here, as it claims; absent if it never has. */
  lastMs?: number;
}

/** What a person can do about their own devices. */
export interface LinkingCommands {
  /** Welcome → linking: makes fresh keys and shows their code. */
  linkThisDevice(): Promise<void>;
  /** On the device in the mission: takes the code of the new one. */
  linkDevice(code: string): Promise<void>;
  /** "It matches" / "It differs", on either device. `withParty`: the party's key goes along. */
  compareDevices(matches: boolean, withParty?: boolean): Promise<void>;
  /** Ends or closes the link, on either device. */
  leaveLinking(): Promise<void>;
  /** Another device of this person is none any more; its keys get worthless. */
  retireDevice(id: string): Promise<void>;
}
