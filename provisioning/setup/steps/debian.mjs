import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { SetupFailure } from '../shell/failure.mjs';
import { run } from '../shell/run.mjs';

/** The one table: for what a Debian package is needed. */
const packages = {
  start: ['git'],
  worker: [
    'g++',
    'pkg-config',
    'meson',
    'ninja-build',
    'libuv1-dev',
    'libssl-dev',
    'libsrtp2-dev',
    'libflatbuffers-dev',
    'flatbuffers-compiler',
  ],
  load: ['mosquitto'], // the rival of `npm run bench -- load`
  swarm: ['chromium', 'openssh-client'], // who clones, and who verifies, in `npm run bench -- swarm`
  test: [
    'chromium', // every end-to-end test
    'firefox-esr', // the second browser of a conference, by WebDriver BiDi
    'curl', // the guide to another client
    'jq', // the same
    'coturn', // turnutils_stunclient and turnutils_uclient, the other side of the relay
    'iproute2', // network namespaces
    'mosquitto-clients', // a second, independent MQTT client
    'openssh-client', // ssh-keygen -Y, the second opinion on signatures
    'openssl', // the second opinion on certificates
    'procps',
  ],
};

/** Daemons that come with a package, would start by themselves and take the box's own ports. */
const daemons = { coturn: 'coturn.service', mosquitto: 'mosquitto.service' };

/**
 * Installs what is missing of the packages for these purposes, after saying so. Needs to be root
 * or a `sudo` that asks nothing; otherwise throws with the command that a person can run.
 */
export async function installDebian(purposes, progress) {
  const missing = purposes.flatMap((purpose) => packages[purpose]).filter((name) => !has(name));
  if (missing.length === 0) return;
  const list = missing.join(' ');
  if (!succeeds('apt-get', ['--version'])) {
    progress.say(`This is no Debian. Parley goes on, but needs what Debian calls: ${list}.`);
    return;
  }
  const sudo = process.getuid() === 0 ? [] : ['sudo', '-n'];
  if (sudo.length > 0 && !succeeds('sudo', ['-n', 'true'])) {
    throw new SetupFailure(
      `These Debian packages are missing: ${list}.\nInstall them and run the command again:\n\n` +
        `  sudo apt-get update && sudo apt-get install --no-install-recommends ${list}\n`,
    );
  }
  progress.say(`Installing these Debian packages: ${list}.`);
  await maskDaemons(missing, sudo, progress);
  progress.step('Installing Debian packages');
  const update = () => apt(sudo, ['update']);
  const install = () => apt(sudo, ['install', '-y', '--no-install-recommends', ...missing]);
  if (!hasLists()) await update();
  try {
    await install();
  } catch (error) {
    // Old lists name versions that the archive no longer has.
    if (!(error instanceof SetupFailure)) throw error;
    await update();
    await install();
  }
}

function apt(sudo, args) {
  const quiet = ['-q', '-o', 'DPkg::Lock::Timeout=600'];
  const [command, ...rest] = [
    ...sudo,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    ...quiet,
    ...args,
  ];
  return run(command, rest);
}

async function maskDaemons(missing, sudo, progress) {
  if (!succeeds('systemctl', ['is-system-running', '--quiet'])) return;
  for (const unit of missing.map((name) => daemons[name]).filter(Boolean)) {
    progress.say(`Keeping ${unit} from starting; "systemctl unmask ${unit}" undoes that.`);
    const [command, ...rest] = [...sudo, 'systemctl', 'mask', unit];
    await run(command, rest);
  }
}

function hasLists() {
  try {
    return readdirSync('/var/lib/apt/lists').some((name) => name.includes('_Packages'));
  } catch {
    return false; // No folder, no lists.
  }
}

function has(name) {
  const answer = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', name], {
    encoding: 'utf8',
  });
  return answer.stdout === 'installed';
}

function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
