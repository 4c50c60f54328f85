import { describe, expect, it } from 'vitest';
import { harmless } from '../../../appliance/terminal/output.ts';

describe('what is printed of others', () => {
  it.each([
    ['\u001b[2J', 'a sequence that clears the screen'],
    ['\u009b31m', 'the same in one sign'],
    ['\rRosa: yes', 'a return to the beginning of the line'],
    ['\u202egnp.exe', 'an override of direction'],
  ])('does not command the terminal: %j, %s', (text) => {
    expect(harmless(text)).not.toContain(text.charAt(0));
  });

  it('is otherwise as it was written', () => {
    const text = 'Ґаврош\tзнає 👩‍🚒\nمرحبا';
    expect(harmless(text)).toBe(text);
  });
});
