import type { Problem, Threshold } from './model.ts';

/** A question that the parties decide, and how it stands. Slots are those of `PartyView`. */
export interface VoteView {
  /** For lists and routes; never shown. */
  id: string;
  /** What is asked. `person` is a member's fingerprint, `slot` a party's. */
  about:
    | { kind: 'close' }
    | { kind: 'remove-member'; person: string }
    | { kind: 'remove-party'; slot: number };
  /** Parties that said so; those in none of the two lists have not voted. */
  yes: readonly number[];
  no: readonly number[];
  /** Who votes, in order of slots. */
  units: readonly number[];
  threshold: Threshold;
  /** Yes votes that decide. */
  needed: number;
  state: 'open' | 'passed' | 'cannot-pass';
  /** The party that asked. */
  proposedBy: number;
  /** What this person said; absent until then. */
  mine?: 'yes' | 'no';
  /** Whether this person votes for its party. */
  canVote: boolean;
}

/** How far the devices of one party are with the last sync. */
export interface PartySyncView {
  slot: number;
  /** Devices that belong to the party now, those that are done, those nobody waits for. */
  devices: number;
  done: number;
  givenUp: number;
}

/** A party that the wipe waits for. */
export interface MissingPartyView {
  slot: number;
  /** By this device's own clock; 0 when one may go on without the party. */
  secondsLeft: number;
  /** Parties that said that they go on without it. */
  goOn: readonly number[];
}

/** The record on this device. */
export interface RecordView {
  /** Start of its SHA-512, three groups of four digits, for comparing aloud. */
  fingerprint: string;
  size: number;
  /** `none` not fetched; `held` checked, all well; `damaged` and `lacking` with a `problem`. */
  state: 'none' | 'saving' | 'checking' | 'held' | 'damaged' | 'lacking';
  /** Bytes or commits, while saving or checking. */
  done: number;
  total: number;
  /** What the check found, from `held` on. */
  found?: { conversations: number; commits: number; signatures: number; files: number };
  problem?: Problem;
}

/** The certificate of erasure in plain values. */
export interface CertificateView {
  /** First twelve hexadecimal digits of its hash, in groups of four. */
  number: string;
  medium: 'files' | 'luks2';
  /** What was erased: how many files and bytes. */
  files: number;
  bytes: number;
  /** Whether reading back found nothing left. */
  isProven: boolean;
  /** Whether this device saw the receipts itself; false if it was away for too long to judge. */
  isEarned: boolean;
  /** Parties whose receipts it names, and those that were not waited for. */
  receipts: readonly number[];
  excused: readonly number[];
  /** By the box's clock, milliseconds. */
  atMs: number;
}

/** The end of the mission, from the passed vote on. */
export interface ClosingView {
  /** `sync` last sync; `building`; `record` save, check, sign; `wiping`; `wiped`. */
  step: 'sync' | 'building' | 'record' | 'wiping' | 'wiped';
  sync: readonly PartySyncView[];
  /** Messages and files of this device that the box does not have yet. */
  unsent: number;
  /** Whether devices of the own party are missing that this person may give up. */
  canGiveUp: boolean;
  build?: { done: number; total: number };
  record?: RecordView;
  /** Slots; `units` are the parties that are neither removed nor withdrawn. */
  units: readonly number[];
  agreed: readonly number[];
  receipts: readonly number[];
  excused: readonly number[];
  disputes: readonly { slot: number; why: 'damaged' | 'differs' | 'missing' | 'refused' }[];
  missing: readonly MissingPartyView[];
  /** This party's receipt: `wanted` goes out by itself once all others have the record too. */
  receipt: 'none' | 'wanted' | 'signed';
  canSign: boolean;
  /** Two different records, both signed by the box, as a text for others to check. */
  proof?: string;
  certificate?: CertificateView;
}

/** What a person can do about votes and the end. Rejects with `ClientProblem` like every command. */
export interface ClosingCommands {
  /** Asks the parties; one's own vote is yes. */
  proposeVote(about: VoteView['about']): Promise<void>;
  vote(id: string, choice: 'yes' | 'no' | 'withdraw'): Promise<void>;
  /** "Go on without them": devices of one's own party that are missing are not waited for. */
  giveUpDevices(): Promise<void>;
  /** Fetches (goes on where it stopped) and checks the record. Resolves when it is held. */
  fetchRecord(): Promise<void>;
  /** The record for the platform to save, as a Blob on the web; only when held. */
  recordFile(): Promise<unknown>;
  /** "Sign receipt"; it goes out as soon as it can. */
  signReceipt(): Promise<void>;
  /** "Something is wrong": the wipe waits. */
  disputeRecord(why: 'damaged' | 'differs' | 'missing' | 'refused'): Promise<void>;
  /** "Go on without {party}", after the waiting time. */
  goOnWithout(slot: number): Promise<void>;
  /** The certificate as the box signed it, to save. */
  certificateText(): Promise<string>;
  /** This person's keys, sealed under a passphrase and the key card, to save beside the record. */
  keyFile(passphrase: string): Promise<{ name: string; text: string }>;
  /** Text of the key card's QR code. */
  keyCard(): Promise<string>;
  /** After the certificate: forgets the mission on this device; back to welcome. */
  leaveMission(): Promise<void>;
}
