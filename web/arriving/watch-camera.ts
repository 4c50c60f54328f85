import { openScanner } from './scanner.ts';

/** What the camera is doing, or why it cannot. */
export type CameraState = 'starting' | 'on' | 'denied' | 'none';

/** What a watch tells the screen. */
export interface CameraEvents {
  state(state: CameraState): void;
  track(track: MediaStreamTrack): void;
  /** A code was read; called once for each new text. */
  text(text: string): void;
}

/** Pause between two looks at the picture; a busy loop would heat a phone. */
const pauseMs = 120;

/** Shows a camera in `video` and reads codes until `signal` ends it; then the camera is off. */
export async function watchCamera(
  video: HTMLVideoElement,
  facing: 'environment' | 'user',
  events: CameraEvents,
  signal: AbortSignal,
): Promise<void> {
  events.state('starting');
  // Absent where the page is not protected, whatever the type says.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) return events.state('none');
  let stream: MediaStream;
  try {
    stream = await devices.getUserMedia({ video: { facingMode: facing } });
  } catch (error) {
    const isDenied = error instanceof DOMException && error.name === 'NotAllowedError';
    if (!signal.aborted) events.state(isDenied ? 'denied' : 'none');
    return;
  }
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  if (signal.aborted) return stop();
  signal.addEventListener('abort', stop);
  video.srcObject = stream;
  const [track] = stream.getVideoTracks();
  if (track) events.track(track);
  events.state('on');
  const scanner = await openScanner();
  let last: string | undefined;
  while (!signal.aborted) {
    // A frame that cannot be read is no more than a frame without a code.
    const text = await scanner.read(video).catch(() => undefined);
    if (!signal.aborted && text !== undefined && text !== last) events.text(text);
    last = text ?? last;
    await new Promise((next) => setTimeout(next, pauseMs));
  }
}
