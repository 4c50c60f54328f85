import type { FrameMark } from '#protocol/media/digest.ts';
import type { SenderKey } from '#protocol/media/sender-keys.ts';
import type { SignalBody, StreamEntry } from '#protocol/media/signal-form.ts';

/** What travels over a sender or receiver; decides which bytes of a frame stay clear. */
export type Medium = 'audio' | 'video';

/** Options of an `RTCRtpScriptTransform` on a sender. */
export interface SendOptions {
  way: 'send';
  medium: Medium;
  /** Places in the KID, one for each encoding (simulcast layer), in the order in which encodings appear. */
  streams: readonly number[];
}

/** Options of an `RTCRtpScriptTransform` on a receiver. */
export interface ReceiveOptions {
  way: 'receive';
  medium: Medium;
  /** Ours for this receiver; comes back in `FromWorker`. */
  id: string;
  /** The device whose frames are expected here: others are dropped, whatever the SFU says. */
  device: string;
}

/** What an `RTCRtpScriptTransform` is made with. */
export type TransformOptions = SendOptions | ReceiveOptions;

/** From the page to the frame worker. The list is closed. */
export type ToWorker =
  /** First of all: the call that this worker is for. */
  | { t: 'start'; conf: string }
  /** Our own key from now on. Frames are dropped until the first. */
  | { t: 'send-key'; key: SenderKey }
  /** A verified announcement of a participant. */
  | { t: 'announce'; device: string; body: SignalBody<'media-key'> }
  /** A participant left or was removed. */
  | { t: 'remove'; device: string }
  /** Shows no further frame of a stream: it was forged (W5). */
  | { t: 'mute'; device: string; session: string; stream: number };

/** Why frames were dropped: no key yet, a replay or forgery, a stream that was muted, or one too short. */
export type DropReason = 'no-key' | 'not-genuine' | 'muted' | 'malformed';

/** From the frame worker to the page. The list is closed. */
export type FromWorker =
  /** Once a second: what we sent, for `DigestWriter`. Also when it is nothing. */
  | { t: 'sent'; session: string; frames: FrameMark[] }
  /** Once a second: what was shown of a device's session, for `DigestCheck`. */
  | { t: 'shown'; device: string; session: string; frames: FrameMark[] }
  /** A receiver shows this stream from now on. */
  | { t: 'stream'; id: string; device: string; session: string; stream: StreamEntry }
  /** Once a second, if any: frames dropped at a receiver (`id`) or on the way out (no `id`). */
  | { t: 'dropped'; id?: string; why: DropReason; frames: number }
  /** Once a second: frames that were sealed or opened, and milliseconds of waiting and work for them. */
  | { t: 'load'; frames: number; ms: number };
