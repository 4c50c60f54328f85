import { beforeEach, describe, expect, it } from 'vitest';
import { Following } from '../../../appliance/kernel/following.ts';

const never = new AbortController().signal;
let here = 'a';
let startedOn: string | undefined;
let said: string[] = [];
let refusal: Error | undefined;
const part = {
  async start() {
    said.push(`start ${here}`);
    if (refusal) throw refusal;
    startedOn = here;
  },
  async stop() {
    said.push('stop');
    startedOn = undefined;
  },
  hasMoved: () => startedOn !== undefined && startedOn !== here,
};

beforeEach(() => {
  here = 'a';
  startedOn = undefined;
  said = [];
  refusal = undefined;
});

describe('a part that follows the network', () => {
  it('is left alone while nothing changes', async () => {
    const following = new Following(part);
    await following.start(never);
    await following.start(never);
    await following.look();
    expect(said).toEqual(['start a']);
    expect(following.isMoving).toBe(false);
    await following.stop();
    await following.stop();
  });

  it('is started anew on a change, once, and says so in the meantime', async () => {
    const following = new Following(part);
    await following.start(never);
    here = 'b';
    expect(following.isMoving).toBe(true);
    const looks = [following.look(), following.look()];
    await Promise.resolve();
    expect(following.isMoving).toBe(true);
    await Promise.all(looks);
    expect(said).toEqual(['start a', 'stop', 'start b']);
    expect(following.isMoving).toBe(false);
    await following.stop();
  });

  it('that does not come back stays stopped until it is started again', async () => {
    const following = new Following(part);
    await following.start(never);
    here = 'b';
    refusal = new Error('port taken');
    await expect(following.look()).rejects.toThrow('port taken');
    expect(following.isMoving).toBe(false);
    expect(startedOn).toBeUndefined();
    refusal = undefined;
    await following.stop();
    await following.start(never);
    expect(startedOn).toBe('b');
    await following.stop();
  });

  it('is not started any more once it was stopped', async () => {
    const following = new Following(part);
    await following.start(never);
    here = 'b';
    await following.stop();
    await following.look();
    expect(said).toEqual(['start a', 'stop']);
  });
});
