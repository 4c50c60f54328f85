import si from 'systeminformation';
import type { Machine } from './machine.ts';

/** The machine as systeminformation sees it. */
export const thisMachine: Machine = {
  sample: async (path) => {
    const [memory, load, fileSystems] = await Promise.all([
      si.mem(),
      si.currentLoad(),
      si.fsSize(),
    ]);
    const isAbove = ({ mount }: { mount: string }): boolean =>
      path === mount || path.startsWith(mount.endsWith('/') ? mount : `${mount}/`);
    // The deepest mount point above the path is the one that holds it.
    const holder = fileSystems
      .filter(isAbove)
      .toSorted((a, b) => b.mount.length - a.mount.length)[0];
    return {
      memory: { availableBytes: memory.available, totalBytes: memory.total },
      loadPercent: load.currentLoad,
      storage: { freeBytes: holder?.available ?? 0, totalBytes: holder?.size ?? 0 },
    };
  },
};
