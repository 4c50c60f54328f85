import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import type { Scanner } from './scanner.ts';

/** Longest side of the picture that is searched, in pixels; more is only slower. */
const longestSide = 640;

/** A scanner for browsers without one. The library's own address is replaced by ours. */
export async function openZxingScanner(): Promise<Scanner> {
  await prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: true });
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return {
    async read(frame) {
      const { videoWidth, videoHeight } = frame;
      if (!context || videoWidth === 0) return undefined;
      const scale = Math.min(1, longestSide / Math.max(videoWidth, videoHeight));
      canvas.width = Math.round(videoWidth * scale);
      canvas.height = Math.round(videoHeight * scale);
      context.drawImage(frame, 0, 0, canvas.width, canvas.height);
      const picture = context.getImageData(0, 0, canvas.width, canvas.height);
      const found = await readBarcodes(picture, { formats: ['QRCode'], maxNumberOfSymbols: 1 });
      return found[0]?.isValid ? found[0].text : undefined;
    },
  };
}
