/** What a screen shows of calls, conferences, files and boards, and what a person can do there. */
import type { Problem } from './model.ts';

/** Somebody in a call or conference. */
export interface ParticipantView {
  /** Member fingerprint; `device` tells two devices of one person apart. */
  person: string;
  device: string;
  name?: string;
  slot: number;
  isMe: boolean;
  hasAudio: boolean;
  hasVideo: boolean;
  hasScreen: boolean;
  isSpeaking: boolean;
  /** W5: `unverified` no digest for 3 s; `forged` muted, with an alarm. */
  voice: 'verified' | 'unverified' | 'forged';
}

export interface CallView {
  id: string;
  kind: 'one-to-one' | 'conference';
  cid: string;
  title: string;
  /** `before` pre-join; `ended` shows why and goes by itself when dismissed. */
  step: 'before' | 'incoming' | 'outgoing' | 'connecting' | 'on' | 'reconnecting' | 'ended';
  wantsVideo: boolean;
  /** How many devices ring, while `outgoing`. */
  ringing?: number;
  /** Words for the path: peer to peer, or through the box's relay or SFU. */
  path?: 'direct' | 'relay' | 'box';
  participants: readonly ParticipantView[];
  microphone: boolean;
  camera: boolean;
  screen: boolean;
  ended?: 'hangup' | 'declined' | 'busy' | 'no-answer' | 'elsewhere' | 'lost' | 'removed';
  /** Why this browser cannot take part (no frame encryption, no devices). */
  problem?: Problem;
}

/** A conference going on in a conversation that one could join. */
export interface OngoingView {
  cid: string;
  conf: string;
  people: number;
}

/** A file offered by a message. */
export interface FileView {
  sid: string;
  name: string;
  sizeBytes: number;
  /** `offered` can be fetched; `damaged` was destroyed after a failed check. */
  state: 'uploading' | 'paused' | 'offered' | 'fetching' | 'here' | 'damaged';
  doneBytes: number;
}

/** Bytes of a file as the platform hands them over, in order, without loading all of it. */
export interface FileSource {
  name: string;
  sizeBytes: number;
  read(from: number, to: number): Promise<Uint8Array>;
}

/** A board as Excalidraw draws it; elements are its own objects as JSON text by id. */
export interface BoardView {
  id: string;
  cid: string;
  elements: readonly string[];
  /** Others' pointers, by device. */
  pointers: readonly { device: string; name?: string; slot: number; x: number; y: number }[];
  saved: 'kept' | 'sent';
}

/** Commands that `ParleyClient` has besides those of `model.ts`. */
export interface CallCommands {
  call(cid: string, person: string, withVideo: boolean): Promise<void>;
  /** Starts a conference in a conversation, or goes to the pre-join of the one that is on. */
  confer(cid: string): Promise<void>;
  /** "Accept", "Join call". */
  joinCall(withVideo: boolean): Promise<void>;
  declineCall(): Promise<void>;
  leaveCall(): Promise<void>;
  setMicrophone(on: boolean): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  setScreen(on: boolean): Promise<void>;
  /** The platform's stream for a tile: on the web a MediaStream; undefined if there is none. */
  stream(device: string, kind: 'camera' | 'screen'): unknown;
  dismissCall(): void;
  /** Hides this device's address from the others: calls between two use the box's relay alone. */
  setThroughBox(on: boolean): Promise<void>;

  sendFile(cid: string, file: FileSource): Promise<void>;
  pauseFile(sid: string): Promise<void>;
  fetchFile(sid: string): Promise<void>;
  /** Opened bytes of a file that is `here`; on the web a Blob. */
  openFile(sid: string): Promise<unknown>;
  removeFile(sid: string): Promise<void>;

  /** Opens the conversation's board, making one if there is none; follows it live until closed. */
  openBoard(cid: string): Promise<string>;
  board(id: string): BoardView | undefined;
  /** Changed elements as JSON text; shown to others at once, kept in the history in batches. */
  draw(id: string, elements: readonly string[]): Promise<void>;
  point(id: string, x: number, y: number): void;
  closeBoard(id: string): Promise<void>;
}
