import type { Source, Track } from '#client/calls/ports.ts';

/** A recording of this browser. */
export class BrowserTrack implements Track {
  readonly source: Source;
  readonly media: MediaStreamTrack;
  readonly #meter: Meter | undefined;

  constructor(source: Source, media: MediaStreamTrack, onEnded: () => void) {
    this.source = source;
    this.media = media;
    if (source === 'microphone') this.#meter = new Meter(media);
    // Not fired by `stop`: only when the person or the system ends it.
    media.addEventListener('ended', onEnded);
  }

  level(): number {
    return this.#meter?.level() ?? 0;
  }

  stop(): void {
    this.media.stop();
    this.#meter?.close();
  }
}

/** The browser's own track of a recording; there is no other kind of recording here. */
export function mediaOf(track: Track | undefined): MediaStreamTrack | null {
  return track instanceof BrowserTrack ? track.media : null;
}

/** How loud a microphone is. */
class Meter {
  readonly #context = new AudioContext();
  readonly #analyser = new AnalyserNode(this.#context, { fftSize: 512 });
  readonly #samples = new Float32Array(this.#analyser.fftSize);

  constructor(media: MediaStreamTrack) {
    this.#context.createMediaStreamSource(new MediaStream([media])).connect(this.#analyser);
  }

  level(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const sum = this.#samples.reduce((total, one) => total + one * one, 0);
    return Math.sqrt(sum / this.#samples.length);
  }

  close(): void {
    void this.#context.close();
  }
}
