import { CaptureRefusal, type Capture, type Source, type Track } from './ports.ts';
import { problem } from '../problem.ts';

/** Where a recording goes: a direct way, or a seat at the SFU. */
export interface Outlet {
  use(source: Source, track: Track | undefined): Promise<void>;
}

/** What this device records during a call. What is off is not recorded at all. */
export class OwnMedia {
  readonly #capture: Capture;
  readonly #onChange: () => void;
  readonly #tracks = new Map<Source, Track>();
  readonly #chosen = new Map<Source, string>();
  /** One change after the other: opening a camera takes a while. */
  #changing: Promise<unknown> = Promise.resolve();
  #outlet: Outlet | undefined;

  constructor(capture: Capture, onChange: () => void) {
    this.#capture = capture;
    this.#onChange = onChange;
  }

  has(source: Source): boolean {
    return this.#tracks.has(source);
  }

  /** The platform's stream of what is recorded: the camera's together with the sound. */
  stream(kind: 'camera' | 'screen'): unknown {
    const [camera, screen, sound] = [
      this.#tracks.get('camera'),
      this.#tracks.get('screen'),
      this.#tracks.get('microphone'),
    ];
    if (kind === 'screen') return screen && this.#capture.stream([screen]);
    const shown = [camera, sound].filter((track) => track !== undefined);
    return shown.length > 0 ? this.#capture.stream(shown) : undefined;
  }

  track(source: Source): Track | undefined {
    return this.#tracks.get(source);
  }

  /** Begins or ends to record. Rejects with `ClientProblem`. */
  set(source: Source, on: boolean): Promise<void> {
    return this.#next(async () => {
      if (on === this.#tracks.has(source)) return;
      if (on) await this.#open(source);
      else await this.#close(source);
    });
  }

  /** The device used from now on; a recording that runs changes over. */
  choose(source: Source, id: string): Promise<void> {
    this.#chosen.set(source, id);
    return this.#next(async () => {
      if (!this.#tracks.has(source)) return;
      await this.#close(source);
      await this.#open(source);
    });
  }

  /** Sends everything there, now and later. */
  connect(outlet: Outlet): Promise<void> {
    return this.#next(async () => {
      this.#outlet = outlet;
      for (const [source, track] of this.#tracks) await outlet.use(source, track);
    });
  }

  /** Ends all recordings at once. */
  stop(): void {
    this.#outlet = undefined;
    for (const track of this.#tracks.values()) track.stop();
    this.#tracks.clear();
  }

  async #open(source: Source): Promise<void> {
    let track: Track;
    try {
      track = await this.#capture.open(source, this.#chosen.get(source), () => {
        void this.set(source, false);
      });
    } catch (error) {
      const isMissing = error instanceof CaptureRefusal && error.reason === 'missing';
      throw problem(isMissing ? 'CALL_NO_DEVICE' : 'CALL_DEVICE_DENIED', error);
    }
    this.#tracks.set(source, track);
    this.#onChange();
    await this.#outlet?.use(source, track);
  }

  async #close(source: Source): Promise<void> {
    this.#tracks.get(source)?.stop();
    this.#tracks.delete(source);
    this.#onChange();
    await this.#outlet?.use(source, undefined);
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#changing.then(work);
    this.#changing = done.catch(() => undefined);
    return done;
  }
}
