import type { FrameMark } from '#protocol/media/digest.ts';
import type { SenderKey } from '#protocol/media/sender-keys.ts';
import type { SignalBody, StreamKind } from '#protocol/media/signal-form.ts';
import type { Candidate } from './candidates.ts';
import type { Producer } from './room-state.ts';

/** What the platform lends to calls; absent where there is no microphone, such as on a server. */
export interface CallPlatform {
  readonly capture: Capture;
  /** Opens one end of a direct way between two devices. */
  openPeer(options: PeerOptions, events: PeerEvents): PeerLink;
  /** Whether frames can be encrypted on the way to an SFU: without it, no conference. */
  readonly canEncryptFrames: boolean;
  /** Begins to seal and open the frames of one conference; drops all until it has keys. */
  openFrames(conf: string, events: FrameEvents): Frames;
  /** Sits down at the SFU whose abilities are `rtp`. Rejects if they do not fit. */
  openSeat(frames: Frames, rtp: unknown, doors: SeatDoors, events: SeatEvents): Promise<Seat>;
}

/** Where media comes from. */
export type Source = 'microphone' | 'camera' | 'screen';

/** Something that is being recorded; what is inside, only the platform knows. */
export interface Track {
  readonly source: Source;
  /** Loudness of the last moment, 0…1; 0 for pictures. */
  level(): number;
  /** Ends the recording: the light at the camera goes out. */
  stop(): void;
}

/** The device's microphones, cameras and screens. */
export interface Capture {
  /**
   * Begins to record, from the device `id` if it is there. `onEnded` is called when the platform
   * ends it by itself. Rejects with `CaptureRefusal`.
   */
  open(source: Source, id: string | undefined, onEnded: () => void): Promise<Track>;
  /** The platform's stream of these together; the same one for the same tracks. */
  stream(tracks: readonly Track[]): unknown;
}

/** Why nothing can be recorded: the person or platform says no, or there is nothing. */
export class CaptureRefusal extends Error {
  readonly reason: 'denied' | 'missing';
  constructor(reason: 'denied' | 'missing', cause?: unknown) {
    super(`no recording: ${reason}`, { cause });
    this.name = 'CaptureRefusal';
    this.reason = reason;
  }
}

/** A TURN server with credentials, as `/v1/turn` gives it. */
export interface TurnServer {
  urls: readonly string[];
  username: string;
  credential: string;
}

export interface PeerOptions {
  turn: TurnServer | undefined;
  /** Never shows this device's address to the other: everything goes through the box. */
  onlyRelay: boolean;
}

export interface PeerEvents {
  /** Addresses at which this end can be reached, as ICE writes them. */
  onCandidates(candidates: readonly Candidate[]): void;
  /** `up` media can flow, `down` it does not at present, `dead` this way is closed. */
  onState(state: 'up' | 'down' | 'dead'): void;
  /** A small text from the other end, on the way itself. */
  onSaid(text: string): void;
}

/** What the way is like at this moment. */
export interface PeerReading {
  path?: 'direct' | 'relay';
  /** Loudness of the other, from the sound as it was decoded here; 0…1. */
  level: number;
}

/** One end of a direct way. What the other end sends may be wrong: then the answer is undefined. */
export interface PeerLink {
  /** The relay to use from the next offer or answer on. */
  useTurn(turn: TurnServer | undefined): void;
  /** An offer in SDP; with `isRestart` for new addresses on the same way. */
  offer(isRestart: boolean): Promise<string>;
  /** Takes an offer and answers it; undefined if it cannot be taken. */
  answer(offer: string): Promise<string | undefined>;
  /** Takes an answer; false if it does not fit. */
  take(answer: string): Promise<boolean>;
  add(candidates: readonly Candidate[]): Promise<void>;
  /** Sends this from now on, or nothing. */
  use(source: Source, track: Track | undefined): Promise<void>;
  /** Says a small text on the way itself, if it is up. */
  say(text: string): void;
  read(): Promise<PeerReading>;
  /** The platform's stream of what comes in. */
  stream(kind: 'camera' | 'screen'): unknown;
  close(): void;
}

/** The SFU's doors of one room, as a seat uses them; objects of WebRTC stay as they are. */
export interface SeatDoors {
  transport(dir: 'send' | 'recv'): Promise<unknown>;
  connect(transport: string, dtls: unknown): Promise<void>;
  /** Id of the producer. */
  produce(transport: string, kind: 'audio' | 'video', rtp: unknown): Promise<string>;
  consume(transport: string, producer: string, caps: unknown): Promise<unknown>;
  resume(consumer: string): Promise<void>;
  close(what: { producer: string } | { consumer: string }): Promise<void>;
}

export interface FrameEvents {
  /** Once a second: frames that went out under this session. */
  onSent(session: string, frames: readonly FrameMark[]): void;
  /** Once a second: frames of a device that were shown. */
  onShown(device: string, session: string, frames: readonly FrameMark[]): void;
}

/**
 * Seals and opens the frames of one conference, over all seats that this device takes in it: it
 * owns the counters, and one counter begun twice would give keys away.
 */
export interface Frames {
  sendUnder(key: SenderKey): void;
  /** A verified announcement of somebody who takes part. */
  announce(device: string, body: SignalBody<'media-key'>): void;
  /** Nothing of this device is opened any more. */
  remove(device: string): void;
  /** Shows no further frame of a forged stream. */
  mute(device: string, session: string, stream: number): void;
  stop(): void;
}

export interface SeatEvents {
  /** What is received has changed. */
  onChange(): void;
  /** The way to the SFU is gone, or the SFU with it: a new seat is needed. */
  onLost(): void;
}

/** This device's place at an SFU: it sends once, and is sent what others send. */
export interface Seat {
  use(source: Source, track: Track | undefined): Promise<void>;
  /** Receives exactly these from now on. */
  follow(producers: readonly Producer[]): Promise<void>;
  /** Loudness by device, from the sound as it was decoded here; 0…1. */
  levels(): Promise<ReadonlyMap<string, number>>;
  /** What has really been opened of a device so far. */
  kindsOf(device: string): ReadonlySet<StreamKind>;
  stream(device: string, kind: 'camera' | 'screen'): unknown;
  close(): void;
}
