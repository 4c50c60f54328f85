/** A codec as routers are told of it. */
export interface MediaCodec {
  kind: 'audio' | 'video';
  mimeType: string;
  clockRate: number;
  channels?: number;
}

/**
 * The codecs of every room: those whose clear bytes the frame encryption knows. H.264
 * and AV1 are left out because their packets cannot be cut without reading the frame.
 */
export const mediaCodecs: readonly MediaCodec[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
];
