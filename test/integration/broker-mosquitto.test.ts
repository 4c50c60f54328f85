import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  blue,
  mallory,
  openBrokerBox,
  proofOf,
  red,
  room,
  type BrokerBox,
} from '../support/broker-box.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
let box: BrokerBox;
let folder: string;
beforeEach(async () => {
  box = await openBrokerBox();
  folder = await mkdtemp(join(tmpdir(), 'parley-mqtt-'));
  await writeFile(join(folder, 'ca.pem'), box.cert);
});
afterEach(async () => {
  await box.close();
  await rm(folder, { recursive: true });
});

/** Arguments of the stock clients for a login of `device`. */
function login(device: string, password = proofOf(device)): string[] {
  return [
    ...['-h', '127.0.0.1', '-p', String(box.broker.tlsPort), '--cafile', join(folder, 'ca.pem')],
    ...['-V', 'mqttv311', '-i', device, '-u', 'session', '-P', password],
  ];
}

/** Exit code and what was said of a stock client that ends by itself. */
async function outcome(command: string, args: string[]): Promise<{ code: number; said: string }> {
  try {
    const { stdout, stderr } = await run(command, args, { timeout: 8000 });
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: stdout + stderr };
  }
}

describe('the stock MQTT clients over the TLS port', () => {
  it('send and receive what they may', async () => {
    const reader = spawn('mosquitto_sub', [
      ...login(blue),
      '-t',
      `d/${blue}/+`,
      '-q',
      '1',
      '-C',
      '1',
    ]);
    let heard = '';
    reader.stdout.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    const done = new Promise((resolve) => reader.on('close', resolve));
    await until('the reader is in', () => box.broker.health().says === '1 device is connected.');
    await until('it has subscribed and is told', async () => {
      const sent = ['-t', `d/${blue}/${red}`, '-q', '1', '-m', 'sealed mail'];
      expect(await outcome('mosquitto_pub', [...login(red), ...sent])).toEqual({
        code: 0,
        said: '',
      });
      return heard !== '';
    });
    expect(heard).toBe('sealed mail\n');
    await done;
  });

  it('are given what the box has published before', async () => {
    await box.broker.publish(`s/${room}/h/${red}`, Buffer.from('head'), { retain: true });
    const sub = await outcome('mosquitto_sub', [...login(blue), '-t', `s/${room}/h/+`, '-C', '1']);
    expect(sub).toEqual({ code: 0, said: 'head\n' });
  });

  it('are refused without a valid login, in the words of the protocol', async () => {
    const stranger = await outcome('mosquitto_sub', [...login(mallory), '-t', `d/${mallory}/+`]);
    expect(stranger).toMatchObject({ code: 5, said: expect.stringContaining('not authorised') });
    const guess = await outcome('mosquitto_pub', [...login(red, 'guess'), '-t', 'x', '-m', 'x']);
    expect(guess).toMatchObject({ code: 5, said: expect.stringContaining('not authorised') });
    const anonymous = ['-h', '127.0.0.1', '-p', String(box.broker.tlsPort), '-t', 'x', '-m', 'x'];
    const nobody = await outcome('mosquitto_pub', [
      ...anonymous,
      ...['--cafile', join(folder, 'ca.pem'), '-V', 'mqttv311'],
    ]);
    expect(nobody).toMatchObject({ code: 5, said: expect.stringContaining('not authorised') });
  });

  it('are refused the topics of others', async () => {
    const all = await outcome('mosquitto_sub', [...login(red), '-t', '#', '-W', '5']);
    expect(all.said).toContain('All subscription requests were denied');
    const forged = ['-t', `s/${room}/h/${red}`, '-r', '-q', '1', '-m', 'forged'];
    expect((await outcome('mosquitto_pub', [...login(red), ...forged])).code).not.toBe(0);
    expect(box.broker.health().status).toBe('ok');
  });
});
