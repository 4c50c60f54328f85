import { CaptureRefusal, type Capture, type Source, type Track } from '#client/calls/ports.ts';
import { BrowserTrack, mediaOf } from './browser-track.ts';

/** Enough for a tile on a laptop; more would fill the air of one access point. */
const picture = {
  width: { ideal: 640 },
  height: { ideal: 360 },
  frameRate: { ideal: 24, max: 30 },
};

/** Microphones, cameras and screens as `getUserMedia` and `getDisplayMedia` lend them. */
export class BrowserCapture implements Capture {
  readonly #streams = new Map<string, MediaStream>();

  async open(source: Source, id: string | undefined, onEnded: () => void): Promise<Track> {
    // An insecure context has no such object at all.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices) throw new CaptureRefusal('missing');
    try {
      const stream = await ask(devices, source, id);
      const [media] = stream.getTracks();
      if (!media) throw new CaptureRefusal('missing');
      return new BrowserTrack(source, media, onEnded);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  stream(tracks: readonly Track[]): MediaStream {
    const media = tracks.flatMap((track) => mediaOf(track) ?? []);
    const name = media.map(({ id }) => id).join();
    const known = this.#streams.get(name);
    if (known) return known;
    // Old combinations are of tracks that were stopped, or will be made again.
    this.#streams.clear();
    const made = new MediaStream(media);
    this.#streams.set(name, made);
    return made;
  }
}

function ask(devices: MediaDevices, source: Source, id: string | undefined): Promise<MediaStream> {
  // "ideal": a device that was unplugged is replaced instead of refused.
  const chosen = id === undefined ? {} : { deviceId: { ideal: id } };
  switch (source) {
    case 'microphone':
      return devices.getUserMedia({ audio: { ...chosen, channelCount: 1 } });
    case 'camera':
      return devices.getUserMedia({ video: { ...picture, ...chosen } });
    case 'screen':
      return devices.getDisplayMedia({ video: { frameRate: { max: 10 } }, audio: false });
  }
}

function refusalOf(error: unknown): CaptureRefusal {
  if (error instanceof CaptureRefusal) return error;
  const name = error instanceof DOMException ? error.name : '';
  const isMissing = name === 'NotFoundError' || name === 'OverconstrainedError';
  return new CaptureRefusal(isMissing ? 'missing' : 'denied', error);
}
