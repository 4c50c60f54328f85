import { readdir, readFile, readlink } from 'node:fs/promises';

/** An IP socket of a process, with its addresses as /proc/net writes them (`0100007F:1F90`). */
export interface OpenSocket {
  protocol: 'tcp' | 'tcp6' | 'udp' | 'udp6';
  local: string;
  remote: string;
}

const protocols = ['tcp', 'tcp6', 'udp', 'udp6'] as const;

/** Every TCP and UDP socket that the process has open at this moment (proc(5)). */
export async function socketsOf(pid: number): Promise<OpenSocket[]> {
  // A process that ended in the meantime has none.
  const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(
    fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')),
  );
  const mine = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]));
  const found = protocols.map(async (protocol) => {
    const rows = (await readFile(`/proc/net/${protocol}`, 'utf8')).split('\n').slice(1);
    return rows
      .map((row) => row.trim().split(/\s+/))
      .filter(([, , , , , , , , , inode]) => inode !== undefined && mine.has(inode))
      .map(([, local = '', remote = '']) => ({ protocol, local, remote }));
  });
  return (await Promise.all(found)).flat();
}
