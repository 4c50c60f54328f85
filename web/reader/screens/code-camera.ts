/** The browser's own reader of codes (Shape Detection API); absent in most of them. */
interface CodeReader {
  detect(from: HTMLVideoElement): Promise<readonly { rawValue: string }[]>;
}

/** Pause between two looks at the picture; a busy loop would heat a phone. */
const pauseMs = 150;

/**
 * Shows the camera and resolves to the first code that is read; undefined if the browser has no
 * camera, no reader of codes, or may not use them. The camera is off when it resolves.
 */
export async function watchForCode(
  video: HTMLVideoElement,
  signal: AbortSignal,
): Promise<string | undefined> {
  const reader = codeReader();
  // Nobody is asked for a camera that could not be used.
  if (!reader) return undefined;
  // Absent where the page is not protected, whatever the type says.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  const stream = await devices
    ?.getUserMedia({ video: { facingMode: 'environment' } })
    .catch(() => undefined);
  if (!stream) return undefined;
  try {
    video.srcObject = stream;
    while (!signal.aborted) {
      // A frame that cannot be read is no more than a frame without a code.
      const [code] = await reader.detect(video).catch(() => []);
      if (code) return code.rawValue;
      await new Promise((next) => setTimeout(next, pauseMs));
    }
    return undefined;
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

function codeReader(): CodeReader | undefined {
  const { BarcodeDetector: Reader } = globalThis as {
    BarcodeDetector?: new (options: { formats: string[] }) => CodeReader;
  };
  return Reader && new Reader({ formats: ['qr_code'] });
}
