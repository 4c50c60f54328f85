import { expect, it } from 'vitest';
import { DigestCheck } from '#protocol/media/digest-check.ts';
import { DigestWriter, type FrameMark } from '#protocol/media/digest.ts';
import { ephemeralBodies } from '#protocol/media/signal-form.ts';
import { someId } from '../../../support/signalling.ts';

const session = 'AAAA';

function frame(ctr: number, stream = 0, generation = 0, salt = 0): FrameMark {
  return {
    stream,
    generation,
    ctr,
    hash: Uint8Array.of(ctr, stream, generation, salt, 0, 0, 0, 1),
  };
}

/** A sender and a receiver side by side: ten frames a second, a digest each second. */
function talk(seconds: number, loses: (second: number) => boolean = () => false) {
  const writer = new DigestWriter(someId, session);
  const check = new DigestCheck(0);
  let ctr = 0;
  for (let second = 0; second < seconds; second++) {
    for (let i = 0; i < 10; i++, ctr++) {
      writer.add(frame(ctr));
      check.shown(frame(ctr), second * 1000 + i * 100 + 20);
    }
    const body = writer.close();
    if (!loses(second)) expect(check.take(body, second * 1000 + 1050).ok).toBe(true);
    check.judge(second * 1000 + 1060);
  }
  return { writer, check, ctr, now: seconds * 1000 };
}

it('a digest lists the frames of each stream in runs, and has the form of a signal', () => {
  const writer = new DigestWriter(someId, session);
  for (const mark of [frame(5), frame(0, 1), frame(6), frame(1, 1), frame(8), frame(0, 0, 1)]) {
    writer.add(mark);
  }
  const body = writer.close();
  expect(
    body.st.map(([stream, generation, first, last]) => [stream, generation, first, last]),
  ).toEqual([
    [0, 0, 5, 6],
    [1, 0, 0, 1],
    [0, 0, 8, 8],
    [0, 1, 0, 0],
  ]);
  expect(ephemeralBodies.digest(body)).toBe(true);
  expect(ephemeralBodies.digest(writer.close())).toBe(true);
});

it('who signs what was shown is verified', () => {
  const { check, now } = talk(5);
  expect(check.trust(0, now)).toBe('verified');
  expect(check.forgeries).toEqual([]);
});

it('frames that the network lost or the SFU did not forward change nothing', () => {
  const writer = new DigestWriter(someId, session);
  const check = new DigestCheck(0);
  for (let ctr = 0; ctr < 60; ctr++) {
    writer.add(frame(ctr));
    if (ctr % 3 === 0) check.shown(frame(ctr), ctr * 100);
    if (ctr % 10 === 9) check.take(writer.close(), ctr * 100 + 50);
    check.judge(ctr * 100);
  }
  expect(check.trust(0, 6000)).toBe('verified');
});

it('at first nothing is known; without any digest the speaker is unverified after three seconds', () => {
  const check = new DigestCheck(0);
  check.shown(frame(0), 10);
  expect(check.trust(0, 2999)).toBe('waiting');
  expect(check.trust(0, 3001)).toBe('unverified');
});

it('when digests stop the speaker is unverified, and verified again when they come back (W6)', () => {
  const { writer, check, ctr, now } = talk(3);
  for (let i = 0; i < 40; i++) {
    writer.add(frame(ctr + i));
    check.shown(frame(ctr + i), now + i * 100);
  }
  writer.close();
  check.judge(now + 4000);
  expect(check.trust(0, now + 4000)).toBe('unverified');
  for (let second = 4; second < 8; second++) {
    const mark = frame(ctr + 36 + second);
    check.shown(mark, now + second * 1000);
    writer.add(mark);
    check.take(writer.close(), now + second * 1000 + 50);
    check.judge(now + second * 1000 + 60);
  }
  expect(check.trust(0, now + 8000)).toBe('verified');
  expect(check.forgeries).toEqual([]);
});

it('one lost digest accuses nobody', () => {
  const { check, now } = talk(12, (second) => second === 4 || second === 7);
  check.judge(now + 2000);
  expect(check.forgeries).toEqual([]);
  expect(check.trust(0, now)).toBe('verified');
});

it('a frame listed with another hash is forged at once (W5)', () => {
  const { writer, check, ctr, now } = talk(3);
  check.shown(frame(ctr, 0, 0, 9), now + 10);
  writer.add(frame(ctr));
  check.take(writer.close(), now + 50);
  expect(check.trust(0, now + 50)).toBe('forged');
  expect(check.forgeries).toMatchObject([{ ctr, stream: 0 }]);
});

it('a frame listed before it was shown is compared too', () => {
  const { check, now } = talk(3);
  check.shown(frame(25, 0, 0, 9), now + 10);
  expect(check.trust(0, now + 10)).toBe('forged');
});

it.each([
  ['a counter that the device has not reached', frame(9_000)],
  ['a stream that it does not send', frame(0, 7)],
  ['a generation that it does not use', frame(0, 0, 3)],
])('%s is forged after three seconds', (_, forged) => {
  const { writer, check, now } = talk(3);
  check.shown(forged, now + 2000);
  for (let second = 1; second < 6; second++) {
    check.take(writer.close(), now + second * 1000 + 50);
    check.judge(now + second * 1000 + 60);
    expect(check.trust(forged.stream, now + second * 1000 + 60) === 'forged').toBe(second === 5);
  }
});

it('one forged stream does not mute the others, and stays forged', () => {
  const { writer, check, now } = talk(3);
  check.shown(frame(28, 0, 0, 9), now);
  check.shown(frame(0, 1), now);
  writer.add(frame(0, 1));
  check.take(writer.close(), now + 50);
  expect([check.trust(0, now + 50), check.trust(1, now + 50)]).toEqual(['forged', 'verified']);
  check.take(writer.close(), now + 1050);
  expect(check.trust(0, now + 1050)).toBe('forged');
});

it('old digests, digests that deny the one before and false counts are refused', () => {
  const writer = new DigestWriter(someId, session);
  const check = new DigestCheck(0);
  const [first, second, third] = [writer.close(), writer.close(), writer.close()];
  expect(check.take(first, 0).ok).toBe(true);
  expect(check.take(first, 1).ok).toBe(false);
  expect(check.take({ ...second, h: first.conf.padEnd(43, 'A') }, 1).ok).toBe(false);
  expect(check.take(second, 1).ok).toBe(true);
  expect(check.take({ ...third, st: [[0, 0, 5, 4_000_000_000, 'AAAAAAAAAAA=']] }, 1).ok).toBe(
    false,
  );
  expect(check.take({ ...third, st: [[0, 0, 5, 4, 'AAAAAAAAAAA=']] }, 1).ok).toBe(false);
  expect(check.take(third, 1).ok).toBe(true);
});

it('an hour of frames fills no memory that is kept', () => {
  const { check, now } = talk(3600);
  expect(check.trust(0, now)).toBe('verified');
});
