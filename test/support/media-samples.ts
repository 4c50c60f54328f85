import type { Capabilities, Dtls, Rtp } from '../../appliance/services/conference/media-forms.ts';

const mid = 'urn:ietf:params:rtp-hdrext:sdes:mid';
/** What a browser tells of itself when it may say who speaks. */
export const audioLevel = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/** Parameters of a browser's microphone. */
export function opus(ssrc: number): Rtp {
  return {
    mid: '0',
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: 111,
        clockRate: 48_000,
        channels: 2,
        parameters: { minptime: 10, useinbandfec: 1 },
        rtcpFeedback: [{ type: 'transport-cc' }],
      },
    ],
    headerExtensions: [{ uri: mid, id: 4 }],
    encodings: [{ ssrc, dtx: false }],
    rtcp: { cname: 'x', reducedSize: true },
  };
}

/** Parameters of a browser's camera. */
export function vp8(ssrc: number): Rtp {
  return {
    mid: '1',
    codecs: [
      { mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000, parameters: {} },
      { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 } },
    ],
    headerExtensions: [{ uri: mid, id: 4 }],
    encodings: [{ ssrc, rtx: { ssrc: ssrc + 1 } }],
    rtcp: { cname: 'x', reducedSize: true },
  };
}

/** A browser's side of DTLS. */
export const dtls: Dtls = {
  role: 'client',
  fingerprints: [{ algorithm: 'sha-256', value: Array(32).fill('AB').join(':') }],
};

/** A browser that receives all that the box forwards. */
export function receivesAll(routerCapabilities: unknown): Capabilities {
  return structuredClone(routerCapabilities) as Capabilities;
}
