import { connect, createServer, type AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../appliance/kernel/clock.ts';
import { silentLogger } from '../../appliance/kernel/log.ts';
import { ConferenceService } from '../../appliance/services/conference/conference-service.ts';
import { conferenceConfig, createConference } from '../../appliance/services/conference/index.ts';
import { MediasoupSfu } from '../../appliance/services/conference/mediasoup-sfu.ts';
import { until } from '../support/until.ts';

const rest = { insiders: { isInside: () => false }, clock: systemClock, log: silentLogger };
const never = new AbortController().signal;
const open: ConferenceService[] = [];
afterEach(async () => {
  for (const service of open.splice(0)) await service.stop();
});

function conference(settings: object = {}, addresses = () => ['127.0.0.1']): ConferenceService {
  const config = conferenceConfig.parse({ rtcPort: 0, ...settings });
  const service = createConference({ ...rest, addresses }, config);
  open.push(service);
  return service;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // ESRCH: there is no such process, which is the answer.
    return false;
  }
}

describe('the real media workers', () => {
  it('run one for each core, are healthy, and end with the service', async () => {
    const service = conference();
    expect(service.health()).toEqual({ status: 'failed', says: 'Conferences are not running.' });
    await service.start(never);
    const { pids } = service;
    await service.start(never);
    expect(service.pids).toEqual(pids);
    expect(new Set(pids).size).toBe(availableParallelism());
    expect(pids.every(isRunning)).toBe(true);
    expect(service.health().status).toBe('ok');
    await service.stop();
    await service.stop();
    expect(pids.some(isRunning)).toBe(false);
  });

  it('make routers', async () => {
    const worker = await new MediasoupSfu().openWorker({
      addresses: ['127.0.0.1'],
      announcedAddress: '192.0.2.77',
      port: 0,
    });
    const [one, two] = [await worker.openRouter(), await worker.openRouter()];
    expect(one.id).not.toBe(two.id);
    one.close();
    two.close();
    await worker.close();
    await worker.close();
    expect(worker.isDead).toBe(false);
  });

  it('killed by hand are replaced alone and on their port, the others do not notice', async () => {
    const rtcPort = await freePort();
    const service = conference({ rtcPort, workersCount: 2 });
    await service.start(never);
    const [first, second] = service.pids;
    process.kill(first ?? 0, 'SIGKILL');
    await until('replaced', () => !service.pids.includes(first ?? 0));
    await until('well', () => service.health().status === 'ok');
    expect(service.health().says).toBe('2 media workers are running.');
    expect(service.pids[1]).toBe(second);
    const socket = connect(rtcPort, '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    socket.destroy();
    const { pids } = service;
    await service.stop();
    expect(pids.some(isRunning)).toBe(false);
  });

  it('that die again and again are left to the supervisor, and leave nothing behind', async () => {
    const service = conference({ workersCount: 2 });
    await service.start(never);
    const [, second = 0] = service.pids;
    for (let round = 1; round < 5; round++) {
      const [pid = 0] = service.pids;
      process.kill(pid, 'SIGKILL');
      await until('replaced', () => !service.pids.includes(pid));
      await until('well', () => service.health().status === 'ok');
    }
    const [last = 0] = service.pids;
    process.kill(last, 'SIGKILL');
    await until('given up', () => service.health().status === 'failed');
    expect(service.health().says).toBe('A media worker has ended.');
    await service.stop();
    expect(isRunning(second)).toBe(false);
    await service.start(never);
    expect(service.health().status).toBe('ok');
  });

  it('are not brought back by a death that comes with the stop', async () => {
    const service = conference({ workersCount: 2 });
    await service.start(never);
    const { pids } = service;
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await until('noticed', () => service.health().status !== 'ok');
    await service.stop();
    expect(service.pids).toEqual([]);
    expect(pids.some(isRunning)).toBe(false);
    expect(service.health().status).toBe('failed');
  });

  it('listen on the configured port, each on its own', async () => {
    const rtcPort = await freePort();
    const service = conference({ rtcPort, workersCount: 1 });
    await service.start(never);
    const socket = connect(rtcPort, '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    socket.destroy();
  });

  it('say in a sentence that a port is taken, and leave nothing running', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const { port } = squatter.address() as AddressInfo;
    const service = conference({ rtcPort: port, workersCount: 1 });
    const refusal = await service.start(never).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      name: 'Refusal',
      sentence: expect.stringContaining(`Port ${port}`),
    });
    expect(service.pids).toEqual([]);
    squatter.close();
  });

  it('follow the network, and start on the machine itself when there is none', async () => {
    const addresses: string[] = [];
    const service = conference({ workersCount: 1 }, () => [...addresses]);
    await service.start(never);
    const { pids } = service;
    expect(service.health().status).toBe('ok');
    addresses[0] = '127.0.0.2';
    expect(service.health().status).toBe('degraded');
    await until('moved', () => service.health().status === 'ok');
    expect(service.pids).not.toEqual(pids);
    expect(pids.some(isRunning)).toBe(false);
  });

  it('are not started when the start is given up', async () => {
    const service = conference();
    await expect(service.start(AbortSignal.abort())).rejects.toThrow();
    expect(service.pids).toEqual([]);
  });

  it('whose program is missing end the start with an error of ours', async () => {
    const sfu = new MediasoupSfu('/nonexistent/mediasoup-worker');
    const config = conferenceConfig.parse({ rtcPort: 0 });
    const deps = { ...rest, sfu, addresses: () => ['127.0.0.1'] };
    await expect(new ConferenceService(deps, config).start(never)).rejects.toMatchObject({
      code: 'CONFERENCE_WORKER_FAILED',
    });
  });
});
