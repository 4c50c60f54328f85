/** Quality of the new JPEG; differences to the first one cannot be seen. */
const quality = 0.92;

/** True for a picture that may say where and with what it was taken. */
export function mayTell(file: Blob): boolean {
  return file.type === 'image/jpeg';
}

/**
 * The same picture without anything but its pixels: it is drawn and encoded anew, so
 * that place, time, camera and hidden previews are gone. Rejects if it cannot be read.
 */
export async function cleanPicture(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas to draw the picture on');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/jpeg', quality });
}
