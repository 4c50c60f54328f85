import { expect, it } from 'vitest';
import { Mailboxes } from '../../../../appliance/services/broker/mailboxes.ts';

it('one sender cannot fill a mailbox, and a full mailbox takes nothing more', () => {
  const boxes = new Mailboxes({ mailboxBytes: 100, mailboxSenderBytes: 40 });
  expect(boxes.take('red', 'from-a', 40)).toBe(true);
  expect(boxes.take('red', 'from-a', 1)).toBe(false);
  expect(boxes.take('red', 'from-b', 40)).toBe(true);
  expect(boxes.take('red', 'from-c', 21)).toBe(false);
  expect(boxes.take('blue', 'from-a', 40)).toBe(true);
});

it('what is delivered makes room again', () => {
  const boxes = new Mailboxes({ mailboxBytes: 50, mailboxSenderBytes: 50 });
  boxes.take('red', 't', 50);
  boxes.give('red', 't', 20);
  expect(boxes.take('red', 't', 20)).toBe(true);
  expect(boxes.take('red', 't', 1)).toBe(false);
  boxes.give('red', 't', 50);
  boxes.give('red', 'never', 50);
  expect(boxes.take('red', 'other', 50)).toBe(true);
});
