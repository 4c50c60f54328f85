import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupFailure } from '../shell/failure.mjs';
import { run } from '../shell/run.mjs';

const overlay = fileURLToPath(new URL('./overlay', import.meta.url));

/** Stand-in of the overlay for each Meson subproject that upstream would download. */
const standIns = {
  'abseil-cpp': 'abseil-cpp',
  flatbuffers: 'flatbuffers',
  libsrtp3: 'libsrtp3',
  libuv: 'libuv',
  openssl: 'openssl',
  'unordered-dense': 'unordered_dense',
};

/** Every change made to upstream's sources. */
const edits = [
  {
    file: 'meson.build',
    why: 'Meson 1.0 of Debian 12 suffices; only the declared minimum is in the way.',
    from: /meson_version: '>= 1\.\d+\.\d+'/,
    to: "meson_version: '>= 1.0.0'",
  },
  {
    file: 'src/RTC/DtlsTransport.cpp',
    why:
      'BIO_CB_RETURN is one bit. Compared as a whole, every BIO_ctrl() answers 1, an OpenSSL with ' +
      'kernel TLS (that of Debian) takes the BIO for such a socket and the first handshake crashes.',
    from: /\(operationType == BIO_CB_RETURN\)/,
    to: '((operationType & BIO_CB_RETURN) != 0)',
  },
];

/**
 * Compiles the worker from the sources in the mediasoup npm package with the libraries of Debian
 * alone, nothing downloaded, in the scratch folder `work`. Returns the path of the stripped binary.
 */
export async function buildWorker(packageDirectory, work, onProgress) {
  const source = join(work, 'worker');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  cpSync(join(packageDirectory, 'worker'), source, { recursive: true });
  for (const edit of edits) apply(source, edit);
  for (const [wrap, standIn] of Object.entries(standIns)) replace(source, wrap, standIn);

  const build = join(work, 'build');
  const options = ['--buildtype', 'release', '-Db_ndebug=true', '--wrap-mode=nodownload'];
  await run('meson', ['setup', build, source, ...options]);
  await run('ninja', ['-C', build, '-j', String(cpus().length), 'mediasoup-worker'], {
    onLine(line) {
      const step = /^\[(\d+)\/(\d+)\]/.exec(line);
      if (step) onProgress(`${step[1]} of ${step[2]}`);
    },
  });
  const binary = join(build, 'mediasoup-worker');
  await run('strip', [binary]);
  return binary;
}

function apply(source, { file, from, to, why }) {
  const path = join(source, file);
  const before = readFileSync(path, 'utf8');
  const count = before.split(from).length - 1;
  if (count !== 1) {
    throw new SetupFailure(
      `mediasoup's worker/${file} has ${count} places that match ${from}, where one is expected. ` +
        `The edit exists because: ${why} Look at the new version and adapt worker/build.mjs.`,
    );
  }
  writeFileSync(path, before.replace(from, to));
}

function replace(source, wrap, standIn) {
  const text = readFileSync(join(source, 'subprojects', `${wrap}.wrap`), 'utf8');
  const directory = /^directory *= *(\S+)/m.exec(text)?.[1];
  if (!directory) throw new SetupFailure(`mediasoup's ${wrap}.wrap names no directory.`);
  const target = join(source, 'subprojects', directory);
  rmSync(target, { recursive: true, force: true });
  cpSync(join(overlay, standIn), target, { recursive: true });
}
