import { readdirSync, readFileSync } from 'node:fs';
import { processTree } from '../memory.ts';

/** Memory of a process and all below it in bytes, shared pages divided among the sharers (PSS). */
export function memoryBytes(pid: number): number {
  const kibibytes = processTree(pid).map((id) => {
    const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'));
    return Number(pss?.[1] ?? 0);
  });
  return kibibytes.reduce((sum, value) => sum + value, 0) * 1024;
}

/** Processor time that a process and all below it have used, in milliseconds (proc(5), schedstat). */
export function cpuMs(pid: number): number {
  const nanoseconds = processTree(pid).flatMap((id) =>
    readdirSync(`/proc/${id}/task`).map((thread) =>
      Number(readFileSync(`/proc/${id}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    ),
  );
  return nanoseconds.reduce((sum, value) => sum + value, 0) / 1e6;
}
