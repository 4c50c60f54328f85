import { execFileSync } from 'node:child_process';

/** Runs stock git in a directory, without any configuration of this machine. */
export function stockGit(path: string, ...args: string[]): string {
  return execFileSync('git', ['-c', 'safe.directory=*', ...args], {
    cwd: path,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
  });
}

/** Throws unless stock git finds the repository whole; objects without a ref are no fault. */
export function fsck(path: string): void {
  stockGit(path, 'fsck', '--strict', '--full', '--no-dangling');
}
