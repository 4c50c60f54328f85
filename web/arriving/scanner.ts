/** Finds the text of one QR code in a picture. */
export interface Scanner {
  /** The text, or undefined while there is none; never rejects for a bad picture. */
  read(frame: HTMLVideoElement): Promise<string | undefined>;
}

interface NativeDetector {
  detect(frame: HTMLVideoElement): Promise<readonly { rawValue: string }[]>;
}
type NativeDetectorClass = {
  new (options: { formats: string[] }): NativeDetector;
  getSupportedFormats(): Promise<readonly string[]>;
};

/** The browser's own detector where it knows QR codes, else ours, fetched only now. */
export async function openScanner(): Promise<Scanner> {
  const Native = (globalThis as { BarcodeDetector?: NativeDetectorClass }).BarcodeDetector;
  if (Native && (await Native.getSupportedFormats()).includes('qr_code')) {
    const detector = new Native({ formats: ['qr_code'] });
    return { read: async (frame) => (await detector.detect(frame))[0]?.rawValue };
  }
  const { openZxingScanner } = await import('./zxing-scanner.ts');
  return openZxingScanner();
}
