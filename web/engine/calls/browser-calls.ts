import type { CallPlatform } from '#client/calls/ports.ts';
import { canCryptFrames } from '../../e2ee/frame-cryptor.ts';
import { BrowserCapture } from './browser-capture.ts';
import { BrowserFrames } from './browser-frames.ts';
import { BrowserPeer } from './browser-peer.ts';

/** What this browser lends to calls; undefined if it knows no WebRTC. */
export function browserCalls(): CallPlatform | undefined {
  if (typeof RTCPeerConnection !== 'function') return undefined;
  return {
    capture: new BrowserCapture(),
    openPeer: (options, events) => new BrowserPeer(options, events),
    canEncryptFrames: canCryptFrames(),
    openFrames: (conf, events) => new BrowserFrames(conf, events),
    openSeat: async (frames, rtp, doors, events) => {
      if (!(frames instanceof BrowserFrames)) throw new TypeError('frames of another platform');
      // The SFU's part is large, and most people never join a conference.
      const { MediasoupSeat } = await import('./mediasoup-seat.ts');
      return MediasoupSeat.open(frames, rtp, doors, events);
    },
  };
}
