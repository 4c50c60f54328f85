/** Milliseconds that a browser surely needs to take over a download. */
const handOverMs = 60_000;

/**
 * Has the browser save bytes under a name. The type is always plain bytes: a page or
 * picture of a stranger must never open as part of this program.
 */
export function saveBlob(blob: Blob, name: string): void {
  const plain = new Blob([blob], { type: 'application/octet-stream' });
  const address = URL.createObjectURL(plain);
  const link = document.createElement('a');
  link.href = address;
  link.download = safeName(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), handOverMs);
}

/** A name without folders, hidden or reordering characters; never empty. */
export function safeName(name: string): string {
  const plain = name
    .replace(/[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}]/gu, '')
    .replace(/[/\\:*?"<>|]/gu, '_')
    .replace(/^\.+/u, '')
    .trim();
  return plain === '' ? 'file' : plain.slice(-120);
}
