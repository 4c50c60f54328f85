import { describe, expect, it } from 'vitest';
import {
  incoming,
  isOursInGlare,
  outgoing,
  step,
  type Deed,
  type Happening,
  type Ring,
  type Told,
} from '#client/calls/ring.ts';

const told = (from: string, t: Told, sdp?: string): Happening => ({
  what: 'told',
  from,
  t,
  ...(sdp !== undefined && { sdp }),
});

/** Lets all of it happen; the deeds are those of the last step. */
function after(ring: Ring, ...happenings: Happening[]): { ring: Ring; deeds: readonly Deed[] } {
  let deeds: readonly Deed[] = [];
  for (const happening of happenings) ({ ring, deeds } = step(ring, happening));
  return { ring, deeds };
}

const call = outgoing('id', ['phone', 'laptop']);
const rung = incoming('id', 'caller');

describe('the caller', () => {
  it('gives the call to the first device that accepts, and tells the others', () => {
    const { ring, deeds } = after(call, told('laptop', 'accept'));
    expect(ring).toMatchObject({ phase: 'connecting', peer: 'laptop' });
    expect(deeds).toEqual([{ do: 'say', to: ['phone'], t: 'answered' }, { do: 'offer' }]);
  });

  it('tells a second device that accepts that it was answered, and stays with the first', () => {
    const { ring, deeds } = after(call, told('laptop', 'accept'), told('phone', 'accept'));
    expect(ring.peer).toBe('laptop');
    expect(deeds).toEqual([{ do: 'say', to: ['phone'], t: 'answered' }]);
  });

  it('is declined by any device of the person, and lets the others stop ringing', () => {
    const { ring, deeds } = after(call, told('phone', 'decline'));
    expect(ring).toMatchObject({ phase: 'over', end: 'declined' });
    expect(deeds[0]).toMatchObject({ do: 'say', to: ['laptop'], t: 'hangup' });
  });

  it('hears busy only when every device is busy', () => {
    expect(after(call, told('phone', 'busy')).ring.phase).toBe('ringing');
    const { ring } = after(call, told('phone', 'busy'), told('laptop', 'busy'));
    expect(ring).toMatchObject({ phase: 'over', end: 'busy' });
  });

  it('gives up when nobody answers, and tells everybody who rings', () => {
    const { ring, deeds } = after(call, { what: 'late' });
    expect(ring.end).toBe('no-answer');
    expect(deeds[0]).toMatchObject({ to: ['phone', 'laptop'], t: 'hangup' });
  });

  it('looks for a new way when the old one breaks, and goes on when it is up', () => {
    const lost = after(call, told('phone', 'accept'), { what: 'up' }, { what: 'down' });
    expect(lost).toMatchObject({ ring: { phase: 'lost' }, deeds: [{ do: 'restart' }] });
    expect(after(lost.ring, { what: 'up' }).ring.phase).toBe('on');
    expect(after(lost.ring, { what: 'late' }).ring.end).toBe('lost');
  });
});

describe('the called device', () => {
  it('answers the offer of the caller only after its person has accepted', () => {
    expect(after(rung, told('caller', 'offer', 'v=0')).deeds).toEqual([]);
    const { deeds } = after(rung, { what: 'take' }, told('caller', 'offer', 'v=0'));
    expect(deeds).toEqual([{ do: 'take-offer', sdp: 'v=0' }]);
  });

  it('falls silent when another device has taken the call', () => {
    expect(after(rung, told('caller', 'answered')).ring.end).toBe('elsewhere');
  });

  it('says nothing when its time is over: another device may still ring', () => {
    const { ring, deeds } = after(rung, { what: 'late' });
    expect(ring.end).toBe('no-answer');
    expect(deeds).toEqual([{ do: 'close' }]);
  });

  it('waits for the caller’s new offer when the way breaks, so that two never cross', () => {
    const { ring, deeds } = after(rung, { what: 'take' }, { what: 'up' }, { what: 'down' });
    expect(ring.phase).toBe('lost');
    expect(deeds).toEqual([]);
  });
});

describe('a device that the call is not with', () => {
  const on = after(call, told('laptop', 'accept'), { what: 'up' }).ring;
  const connecting = after(call, told('laptop', 'accept')).ring;

  it.each<Told>(['hangup', 'decline', 'busy', 'offer', 'answer', 'answered'])(
    'changes nothing with %s',
    (t) => {
      for (const from of ['phone', 'stranger']) {
        expect(after(on, told(from, t, 'v=0'))).toEqual({ ring: on, deeds: [] });
      }
    },
  );

  it('cannot put its own session description in the place of the peer’s', () => {
    expect(after(connecting, told('stranger', 'answer', 'v=0')).deeds).toEqual([]);
    expect(after(rung, { what: 'take' }, told('stranger', 'offer', 'v=0')).deeds).toEqual([]);
  });

  it('cannot accept a call that does not ring there', () => {
    expect(after(call, told('stranger', 'accept'))).toEqual({ ring: call, deeds: [] });
  });
});

describe('a call that is over', () => {
  it('tells who accepts too late that it is over, and never begins again', () => {
    const { ring, deeds } = after(call, { what: 'leave' }, told('phone', 'accept'));
    expect(ring.phase).toBe('over');
    expect(deeds).toEqual([{ do: 'say', to: ['phone'], t: 'hangup', why: 'hangup' }]);
  });

  it('ends for all when somebody was removed', () => {
    const { ring, deeds } = after(call, told('phone', 'accept'), { what: 'removed' });
    expect(ring.end).toBe('removed');
    expect(deeds).toContainEqual({ do: 'close' });
  });
});

it('decides on both sides alike when both call at once', () => {
  expect(isOursInGlare('a', 'b')).toBe(true);
  expect(isOursInGlare('b', 'a')).toBe(false);
});
