/** A JPEG with a long EXIF part, as a telephone writes it: the place would be in there. */
export function pictureWithPlace(jpeg: readonly number[]): Buffer {
  const plain = Buffer.from(jpeg);
  const exif = Buffer.concat([Buffer.from('Exif\0\0'), Buffer.alloc(60_000, 'place ')]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(exif.length + 2, 2);
  // The part stands right behind the start mark of two bytes.
  return Buffer.concat([plain.subarray(0, 2), head, exif, plain.subarray(2)]);
}
