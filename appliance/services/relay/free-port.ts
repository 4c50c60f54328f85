import { bindTcp } from './process/tcp-clients.ts';
import { bindUdp } from './process/relay-socket.ts';

/** Tries to find one number that is free as UDP and TCP port, when any will do. */
const MAX_TRIES = 16;

/**
 * A port that is free for UDP and TCP on every address: `wanted`, or any for 0. For a
 * program that would share a taken port without a word. Rejects with the system's error.
 */
export async function freePort(addresses: readonly string[], wanted: number): Promise<number> {
  for (let n = 1; ; n++) {
    const open: { close(): unknown }[] = [];
    let port = wanted;
    try {
      for (const address of addresses) {
        const udp = await bindUdp(address, port);
        open.push(udp);
        port = udp.address().port;
        open.push(await bindTcp(address, port));
      }
      return port;
    } catch (error) {
      if (wanted !== 0 || n >= MAX_TRIES) throw error;
    } finally {
      for (const one of open) one.close();
    }
  }
}
