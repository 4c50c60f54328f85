import { expect, test } from 'vitest';
import { News } from '../../../../appliance/services/swarm/news.ts';

const never = new AbortController().signal;

test('a question that has an answer is answered at once', async () => {
  const news = new News(1);
  expect(await news.until(() => ({ n: 1 }), 60_000, never)).toEqual({ n: 1 });
});

test('a question waits until a change brings its answer', async () => {
  const news = new News(1);
  let n = 0;
  const asked = news.until(() => (n > 1 ? { n } : undefined), 60_000, never);
  n = 1;
  news.changed();
  n = 2;
  news.changed();
  expect(await asked).toEqual({ n: 2 });
});

test('a question without news ends after its time, or when the other side goes away', async () => {
  const news = new News(2);
  expect(await news.until(() => undefined, 5, never)).toBeUndefined();
  const leaving = new AbortController();
  const asked = news.until(() => undefined, 60_000, leaving.signal);
  leaving.abort();
  expect(await asked).toBeUndefined();
});

test('strangers cannot hold more questions open than there are places, and places come free', async () => {
  const news = new News(1);
  const leaving = new AbortController();
  const asked = news.until(() => undefined, 60_000, leaving.signal);
  expect(await news.until(() => undefined, 60_000, never)).toBe('full');
  leaving.abort();
  await asked;
  expect(await news.until(() => undefined, 5, never)).toBeUndefined();
});

test('a service that stops lets everybody go', async () => {
  const news = new News(2);
  const asked = news.until(() => undefined, 60_000, never);
  news.release();
  expect(await asked).toBeUndefined();
});
