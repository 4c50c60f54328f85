import { expect, test } from 'vitest';
import {
  dateAndTime,
  dayName,
  dayOf,
  listOf,
  regionOf,
  waitWords,
} from '../../../../web/language/time.ts';

const words = { today: 'Today', yesterday: 'Yesterday' };
const day = (text: string) => new Date(`${text}T12:00:00`).getTime();

test('a day is called by its word, its date or its weekday', () => {
  expect(dayName(day('2026-11-21'), day('2026-11-21'), 'en', words)).toBe('Today');
  expect(dayName(day('2026-11-20'), day('2026-11-21'), 'en', words)).toBe('Yesterday');
  expect(dayName(day('2026-11-18'), day('2026-11-21'), 'en', words)).toContain('18');
});

test('a claim from the future is shown with its date, not as today', () => {
  expect(dayName(day('2026-11-25'), day('2026-11-21'), 'en', words)).toContain('25');
});

test('two moments of a day have the same day, across midnight not', () => {
  const late = new Date(2026, 10, 21, 23, 59).getTime();
  expect(dayOf(late)).toBe(dayOf(new Date(2026, 10, 21, 0, 0).getTime()));
  expect(dayOf(late)).not.toBe(dayOf(late + 120_000));
});

test('the device gives the region of the language, and digits are the same everywhere', () => {
  expect(regionOf('en', ['en-US', 'en'])).toBe('en-US-u-nu-latn');
  expect(regionOf('en', ['de-DE'])).toBe('en-GB-u-hc-h23-nu-latn');
  expect(regionOf('ar', ['ar-EG'])).toBe('ar-EG-u-nu-latn');
});

test('parties are listed as a sentence', () => {
  expect(listOf(['Red', 'Blue'], 'en')).toBe('Red and Blue');
  expect(listOf(['Rot', 'Blau', 'Grün'], 'de')).toBe('Rot, Blau und Grün');
});

test('a wait is rounded up, to hours or in the last hour to minutes', () => {
  expect(waitWords(82_000, 'en')).toBe('23 hours');
  expect(waitWords(3601, 'en')).toBe('2 hours');
  expect(waitWords(3600, 'de')).toBe('60 Minuten');
  expect(waitWords(1, 'en')).toBe('1 minute');
  expect(waitWords(82_000, 'ar')).toContain('23');
});

test('the moment of a document has its year', () => {
  expect(dateAndTime(day('2026-11-21'), 'en')).toContain('2026');
});
