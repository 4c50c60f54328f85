/** Files that a person gave together, told apart by what is in them. */
export interface Given {
  record?: Blob;
  /** Text of a key file. */
  keys?: string;
  /** Text of a certificate of erasure. */
  certificate?: string;
}

/** Bytes that a key file or certificate may have; a larger one is taken for a record and refused as such. */
const longestText = 67_108_864;

/**
 * Sorts files by their content, never by their name. Of several records the last counts. Rejects
 * if a file cannot be read.
 */
export async function sortGiven(files: readonly Blob[]): Promise<Given> {
  const given: Given = {};
  for (const file of files) {
    const text = await textOf(file);
    if (text === undefined) given.record = file;
    else if (text.includes('"t":"parley-keys"')) given.keys = text;
    else if (text.includes('"t":"erased"')) given.certificate = text;
    else given.record = file;
  }
  return given;
}

/** Whether the bytes begin as a tar archive does; else they are no record, not a damaged one. */
export async function isArchive(blob: Blob): Promise<boolean> {
  const magic = await blob.slice(257, 262).text();
  return magic === 'ustar';
}

async function textOf(file: Blob): Promise<string | undefined> {
  if (file.size > longestText || (await file.slice(0, 1).text()) !== '{') return undefined;
  return (await file.text()).trim();
}
