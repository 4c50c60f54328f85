import { z } from 'zod';

/**
 * RTP header extensions that the SFU needs. All others are not negotiated: the audio level
 * would tell the box who speaks, capture times and orientation something of the place.
 */
const extensionUris = [
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
] as const;

/** Whether streams may carry this extension. */
export function isAllowedExtension({ uri }: { uri: string }): boolean {
  return (extensionUris as readonly string[]).includes(uri);
}

// Everything below goes to a program that parses it in C++: only known keys, in known ranges.
const word = z.string().max(64);
const parameters = z.record(word, z.union([z.string().max(128), z.number()])).optional();
const rtcpFeedback = z
  .array(z.object({ type: word, parameter: word.optional() }))
  .max(16)
  .optional();
const payloadType = z.int().min(0).max(127);
const clockRate = z.int().min(1).max(192_000);
const channels = z.int().min(1).max(2).optional();
const ssrc = z.int().min(1).max(0xffff_ffff);
const kind = z.enum(['audio', 'video']);
const mimeType = z.string().regex(/^(audio\/opus|video\/VP8|video\/rtx)$/i);

const codec = z.object({ mimeType, payloadType, clockRate, channels, parameters, rtcpFeedback });
const encoding = z.object({
  ssrc: ssrc.optional(),
  rid: z
    .string()
    .regex(/^[A-Za-z0-9]{1,16}$/)
    .optional(),
  codecPayloadType: payloadType.optional(),
  rtx: z.object({ ssrc }).optional(),
  dtx: z.boolean().optional(),
  scalabilityMode: z
    .string()
    .regex(/^[LS][1-3]T[1-3]$/)
    .optional(),
  scaleResolutionDownBy: z.number().min(1).max(64).optional(),
  maxBitrate: z.int().min(1).max(100_000_000).optional(),
});

/** What a browser sends: mediasoup's `RtpParameters`. Other extensions are refused, not dropped: they would be sent all the same. */
export const rtpForm = z.object({
  mid: z.string().max(32).optional(),
  codecs: z.array(codec).min(1).max(4),
  headerExtensions: z
    .array(
      z.object({
        uri: z.enum(extensionUris),
        id: z.int().min(1).max(14),
        encrypt: z.boolean().optional(),
      }),
    )
    .max(extensionUris.length)
    .default([]),
  encodings: z.array(encoding).min(1).max(3),
  rtcp: z
    .object({ cname: z.string().max(128).optional(), reducedSize: z.boolean().optional() })
    .default({}),
});

/** What a browser can receive: mediasoup's `RtpCapabilities`. What we do not forward is left out. */
export const capabilitiesForm = z
  .object({
    codecs: z
      .array(
        z.object({
          kind,
          mimeType: word,
          preferredPayloadType: payloadType.optional(),
          clockRate,
          channels: z.int().min(1).max(8).optional(),
          parameters,
          rtcpFeedback,
        }),
      )
      .max(64),
    headerExtensions: z
      .array(
        z.object({
          kind,
          uri: z.string().max(256),
          preferredId: z.int().min(1).max(255),
          preferredEncrypt: z.boolean().optional(),
          direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).optional(),
        }),
      )
      .max(64)
      .default([]),
  })
  .transform((caps) => ({
    codecs: caps.codecs.filter((one) => mimeType.safeParse(one.mimeType).success),
    headerExtensions: caps.headerExtensions.filter(isAllowedExtension),
  }));

/** A browser's side of the encryption between it and the box: mediasoup's `DtlsParameters`. */
export const dtlsForm = z.object({
  role: z.enum(['auto', 'client', 'server']).default('auto'),
  fingerprints: z
    .array(
      z.object({
        algorithm: z.enum(['sha-256', 'sha-384', 'sha-512']),
        value: z.string().regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31,63}$/),
      }),
    )
    .min(1)
    .max(4),
});

export type Rtp = z.infer<typeof rtpForm>;
export type Capabilities = z.infer<typeof capabilitiesForm>;
export type Dtls = z.infer<typeof dtlsForm>;
export type Kind = z.infer<typeof kind>;

/** Sound or picture. */
export const kindForm = kind;
