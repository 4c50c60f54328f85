import { webCipher } from '../e2ee/web-cipher.ts';
import { browserEngine } from '../engine/browser-engine.ts';
import { fileHashes } from '../engine/files/file-hashes.ts';
import { mount } from '../ui/mount.ts';
import { ReaderSession } from './record/session.ts';
import { Reader } from './screens/reader.tsx';

// A classic script: it runs from a file in every browser, and may not wait at its top.
void browserEngine().then((engine) => {
  mount(<Reader session={new ReaderSession({ engine, hashes: fileHashes, cipher: webCipher })} />);
});
