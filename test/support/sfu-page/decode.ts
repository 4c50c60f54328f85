import { knownHertz } from './known-media.ts';

/** What comes of frames when a browser's decoders are given them as they are. */
export interface Revealed {
  /** Pictures that are red on the left and blue on the right. */
  pictures: number;
  /** Share of the sound's power that lies in the known tone, 0–1. */
  tone: number;
}

/** Frames, each in base64. */
export interface Frames {
  video: readonly string[];
  audio: readonly string[];
}

const bytesOf = (text: string) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

/** Tries to decode VP8 and Opus; what a decoder does not take ends it, and a new one goes on. */
export async function decode({ video, audio }: Frames): Promise<Revealed> {
  let pictures = 0;
  const samples: number[] = [];
  await feed(video.map(bytesOf), {
    make: (error) => {
      const output = (frame: VideoFrame) => void (pictures += isKnown(frame) ? 1 : 0);
      const decoder = new VideoDecoder({ output, error });
      decoder.configure({ codec: 'vp8' });
      return decoder;
    },
    // The lowest bit of a VP8 frame is 0 for a key frame (RFC 6386 §9.1).
    chunk: (data, timestamp) =>
      new EncodedVideoChunk({
        data,
        timestamp,
        type: ((data[0] ?? 1) & 1) === 0 ? 'key' : 'delta',
      }),
  });
  await feed(audio.map(bytesOf), {
    make: (error) => {
      const output = (sound: AudioData) => samples.push(...samplesOf(sound));
      const decoder = new AudioDecoder({ output, error });
      decoder.configure({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 1 });
      return decoder;
    },
    chunk: (data, timestamp) => new EncodedAudioChunk({ data, timestamp, type: 'key' }),
  });
  return { pictures, tone: toneIn(samples) };
}

interface Decoder<Chunk> {
  state: CodecState;
  decode(chunk: Chunk): void;
  flush(): Promise<void>;
}

async function feed<Chunk extends { type: 'key' | 'delta' }>(
  frames: readonly Uint8Array<ArrayBuffer>[],
  to: {
    make(error: () => void): Decoder<Chunk>;
    chunk(data: Uint8Array<ArrayBuffer>, timestamp: number): Chunk;
  },
): Promise<void> {
  let decoder = to.make(() => {});
  const attempt = async (run: () => Promise<void> | void): Promise<void> => {
    try {
      await run();
    } catch {
      // A delta without its key frame, or no VP8 or Opus at all: a later frame may do better.
    }
  };
  for (const [place, data] of frames.entries()) {
    const chunk = to.chunk(data, place * 20_000);
    // A flushed decoder goes on with a key frame only.
    if (chunk.type === 'key') await attempt(() => decoder.flush());
    if (decoder.state === 'closed') decoder = to.make(() => {});
    await attempt(() => decoder.decode(chunk));
  }
  await attempt(() => decoder.flush());
}

function isKnown(frame: VideoFrame): boolean {
  const canvas = new OffscreenCanvas(frame.displayWidth, frame.displayHeight);
  const pen = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
  pen.drawImage(frame, 0, 0);
  const at = (share: number) =>
    pen.getImageData(Math.floor(canvas.width * share), canvas.height >> 1, 1, 1).data;
  const [left, right] = [at(0.25), at(0.75)];
  frame.close();
  const [red = 0, , notBlue = 0] = left;
  const [notRed = 0, , blue = 0] = right;
  return red > 180 && notBlue < 80 && blue > 180 && notRed < 80;
}

function samplesOf(sound: AudioData): Float32Array {
  const samples = new Float32Array(sound.numberOfFrames);
  sound.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
  sound.close();
  return samples;
}

/** Goertzel's sum for one frequency, tenth of a second by tenth, over the power of all. */
function toneIn(samples: readonly number[]): number {
  const length = 4800;
  let [inTone, inAll] = [0, 0];
  for (let from = 0; from + length <= samples.length; from += length) {
    let [cosine, sine] = [0, 0];
    for (let at = 0; at < length; at += 1) {
      const sample = samples[from + at] ?? 0;
      const angle = (2 * Math.PI * knownHertz * at) / 48_000;
      cosine += sample * Math.cos(angle);
      sine += sample * Math.sin(angle);
      inAll += sample * sample;
    }
    inTone += ((cosine * cosine + sine * sine) * 2) / length;
  }
  return inAll === 0 ? 0 : inTone / inAll;
}
