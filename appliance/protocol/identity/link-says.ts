import { b64u, fields, oneOf, type Guard } from '../codec/shape.ts';
import { isLinkEnd, type LinkEnd } from './link.ts';
import { isLinkAnswer, type LinkAnswer } from './link-answer.ts';
import { isLinkHandover, type LinkHandover } from './link-handover.ts';

/** What the old device says in a link (J9), each once. */
export type OldDeviceSays =
  | { k: 'commit'; h: string }
  | { k: 'answer'; a: LinkAnswer }
  | { k: 'handover'; h: LinkHandover }
  | { k: 'end'; why: LinkEnd };

const isCommit = fields({ h: b64u(64), k: oneOf('commit') });
const isAnswer = fields({ a: isLinkAnswer, k: oneOf('answer') });
const isHandover = fields({ h: isLinkHandover, k: oneOf('handover') });

/** The form of it; nothing in it is verified. */
export const isOldDeviceSays: Guard<OldDeviceSays> = (value): value is OldDeviceSays =>
  isCommit(value) || isAnswer(value) || isHandover(value) || isLinkEnd(value);
