import type { ChildProcess } from 'node:child_process';

const STOP_MS = 2000;

/** Whether a process has ended, or never began. */
export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

/** Resolves when a process that was asked to end has ended; one that does not go by itself is killed. */
export async function ended(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(late);
}
