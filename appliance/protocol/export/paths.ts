/** Where things stand in a record. */
export const paths = {
  readme: 'README.txt',
  signers: 'allowed_signers',
  manifest: 'manifest.json',
  reader: 'reader.html',
  status: 'status.json',
  /** In two parts of 64 characters, since a ustar name has room for 100. */
  file: (address: string) => `files/${address.slice(0, 64)}/${address.slice(64)}`,
  receipts: (cid: string) => `receipts/${cid}.log`,
  bundle: (cid: string) => `swarms/${cid}.bundle`,
} as const;
