import { describe, expect, it } from 'vitest';
import { excerptOf } from '#client/search/excerpt.ts';
import { bareLetters, marksIn, wordsOf } from '#client/search/letters.ts';

/** The marked pieces of a text. */
const marked = (text: string, query: string): string[] =>
  marksIn(text, wordsOf(query)).map(({ from, to }) => text.slice(from, to));

describe('bare letters', () => {
  it.each([
    ['case and accents', 'ÉCOLE à Genève', 'ecole a geneve'],
    ['the German sharp s', 'Straße', 'STRASSE'],
    ['Arabic vowel marks and the stretch', 'الـمَـاءُ', 'الماء'],
    ['the shapes of alef, ya and ta marbuta', 'أحمد إلى مدرسة', 'احمد الي مدرسه'],
    ['Ukrainian apostrophes', 'п’ять сімʼї', "п'ять сім'ї"],
    ['ghe with upturn', 'Ґанок', 'ганок'],
    ['both final and other sigma', 'ΟΔΟΣ', 'οδος'],
    ['digits of three kinds', '٤٢ ۴۲', '42 42'],
    ['direction marks and joiners', 'a\u202Eb\u200Dc', 'abc'],
    ['wide and ligature forms', 'ﬁle Ａ', 'file a'],
  ])('do not tell apart %s', (_, one, other) => {
    expect(bareLetters(one)).toBe(bareLetters(other));
  });

  it('tell apart what are different words', () => {
    expect(bareLetters('ماء')).not.toBe(bareLetters('مال'));
    expect(bareLetters('кіт')).not.toBe(bareLetters('кит'));
  });
});

describe('a query', () => {
  it('is taken apart into its words, each once, and no more than eight', () => {
    expect(wordsOf('  Water  WATER tank ')).toEqual(['water', 'tank']);
    expect(wordsOf(' \u064B \u200E')).toEqual([]);
    expect(wordsOf('a b c d e f g h i j k')).toHaveLength(8);
    expect(wordsOf('x'.repeat(100_000)).join('')).toHaveLength(200);
  });
});

describe('the marks in a text', () => {
  it('stand where the words are, whatever signs lie within', () => {
    expect(marked('Das Wásser im Wasserturm', 'wasser')).toEqual(['Wásser', 'Wasser']);
    expect(marked('خزّان الـمَـاءُ هنا', 'خزان الماء')).toEqual(['خزّان', 'الـمَـاءُ']);
    expect(marked('💧 п’ять діб', "п'ять")).toEqual(['п’ять']);
  });

  it('are joined where words overlap', () => {
    expect(marked('watertank', 'water rtank')).toEqual(['watertank']);
    expect(marked('nothing here', 'water')).toEqual([]);
  });
});

describe('an excerpt', () => {
  const long = `${'before '.repeat(40)}the water tank ${'after '.repeat(40)}`;

  it('of a short text is the text', () => {
    expect(excerptOf('Water first', ['water'], 100)).toEqual({
      text: 'Water first',
      marks: [{ from: 0, to: 5 }],
      isCutBefore: false,
      isCutAfter: false,
    });
  });

  it('begins with a word shortly before what was found, and marks it there', () => {
    const { text, marks, isCutBefore, isCutAfter } = excerptOf(long, ['tank'], 100);
    expect(text).toMatch(/^before .*the water tank after/);
    expect(marks.map(({ from, to }) => text.slice(from, to))).toEqual(['tank']);
    expect([isCutBefore, isCutAfter, text.length]).toEqual([true, true, 100]);
  });

  it('never cuts a character in two', () => {
    const { text } = excerptOf(`${'💧'.repeat(60)}tank${'💧'.repeat(60)}`, ['tank'], 61);
    expect(text.isWellFormed()).toBe(true);
    expect(text).toContain('tank');
  });
});
