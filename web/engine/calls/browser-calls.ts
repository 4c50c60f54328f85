import type { CallPlatform } from '#client/calls/ports.ts';
import { BrowserCapture } from './browser-capture.ts';
import { BrowserPeer } from './browser-peer.ts';

/** What this browser lends to calls; undefined if it knows no WebRTC. */
export function browserCalls(): CallPlatform | undefined {
  if (typeof RTCPeerConnection !== 'function') return undefined;
  return {
    capture: new BrowserCapture(),
    openPeer: (options, events) => new BrowserPeer(options, events),
  };
}
