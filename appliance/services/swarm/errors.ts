import type { ErrorTable } from '#kernel/errors.ts';
import type { RouteReply } from '#kernel/route.ts';

/** Everything this service refuses, in words that a person understands. */
export const swarmErrors = {
  SWARM_REQUEST_MALFORMED: {
    category: 'invalid',
    message: 'the request has another form',
    publicMessage: 'The box did not understand the app. Reload the page; the versions may differ.',
  },
  SWARM_PACK_REFUSED: {
    category: 'invalid',
    message: 'the pack is not one of ours',
    publicMessage: 'The box could not read what the app sent. Nothing of it was stored.',
  },
  SWARM_UNKNOWN: {
    category: 'denied',
    message: 'no such swarm, or not for this device',
    publicMessage: 'This conversation is not on this box, or you are not part of it.',
  },
  SWARM_DEVICE_REMOVED: {
    category: 'denied',
    message: 'the device is not effective in the mission (I4)',
    publicMessage: 'This device is no longer part of the mission. Ask a lead of your party.',
  },
  SWARM_TOO_FAST: {
    category: 'limit',
    message: 'the device sends faster than L5 allows',
    publicMessage: 'Too much at once. The app sends the rest by itself in a moment.',
  },
  SWARM_SHARE_USED: {
    category: 'limit',
    message: 'the party has used its share of the storage (L9)',
    publicMessage: 'Your party has used its share of the storage on this box.',
  },
  SWARM_HEADS_USED: {
    category: 'limit',
    message: 'the member has as many open ends as L8 allows',
    publicMessage: 'Your other devices have unfinished branches here. Open the app on them first.',
  },
  SWARM_STORE_FAILED: {
    category: 'unavailable',
    message: 'writing failed; the store is loaded again',
    publicMessage: 'The box could not write to its disk. The app tries again by itself.',
  },
  SWARM_CLOSING: {
    category: 'unavailable',
    message: 'the service takes no more writes',
    publicMessage: 'The box is about to stop and takes nothing new. Try again when it is back.',
  },
  SWARM_SEALED: {
    category: 'conflict',
    message: 'content after the mission was sealed (T3)',
    publicMessage:
      'The mission is closed and its record is being made. Nothing new is taken any more; this stays on your device.',
  },
  SWARM_MISSION_NONE: {
    category: 'conflict',
    message: 'there is no mission yet',
    publicMessage: 'No mission has been founded on this box yet.',
  },
  SWARM_MISSION_EXISTS: {
    category: 'conflict',
    message: 'there is a mission already',
    publicMessage: 'This box has its mission already. Ask a lead for an invitation.',
  },
  SWARM_FOUNDING_OPEN: {
    category: 'conflict',
    message: 'a founding is under way',
    publicMessage: 'Somebody is founding a mission here. Join with their code, or let them end it.',
  },
  SWARM_FOUNDING_SIGNED: {
    category: 'conflict',
    message: 'a party has signed the founding that is under way',
    publicMessage: 'A party has signed the founding here. It cannot be replaced any more.',
  },
  SWARM_OPENING_KEY_WRONG: {
    category: 'denied',
    message: "the opening key is not this box's",
    publicMessage: "Only the code on the box's own screen lets you begin anew. Scan that one.",
  },
  SWARM_FOUNDING_NONE: {
    category: 'conflict',
    message: 'no founding is under way',
    publicMessage: 'No founding is under way on this box, or it has ended. Begin a new one.',
  },
  SWARM_FOUNDING_POST_REFUSED: {
    category: 'invalid',
    message: 'the post does not belong here',
    publicMessage: 'This step does not belong to the founding, or it comes at the wrong time.',
  },
  SWARM_TICKET_DEAD: {
    category: 'denied',
    message: 'no live ticket belongs to the claim',
    publicMessage: 'This invitation is not valid, was used up or was revoked. Ask for a new one.',
  },
  SWARM_CLAIM_REFUSED: {
    category: 'invalid',
    message: 'the claim does not prove what it says',
    publicMessage: 'The box could not check this request to join. Scan the invitation again.',
  },
  SWARM_CLAIM_UNKNOWN: {
    category: 'conflict',
    message: 'no such claim',
    publicMessage: 'The box does not know this request to join. Send it again.',
  },
  SWARM_ANSWER_REFUSED: {
    category: 'invalid',
    message: 'the answer to the claim is not signed by this device of the party (J4)',
    publicMessage: 'The box could not check this answer. Reload the page and answer again.',
  },
  SWARM_CLAIM_CROWD: {
    category: 'limit',
    message: 'too many open claims of one ticket',
    publicMessage:
      'Too many people wait with this invitation. Ask the person who gave it to you for another.',
  },
  SWARM_LINK_UNKNOWN: {
    category: 'conflict',
    message: 'no such link',
    publicMessage: 'The box does not know this link any more. Show the code again.',
  },
  SWARM_LINK_REFUSED: {
    category: 'invalid',
    message: 'not what a device of this link may say now (J9)',
    publicMessage: 'The box could not check what the new device said. Start again on both devices.',
  },
  SWARM_LINK_TAKEN: {
    category: 'conflict',
    message: 'another device answered this link first',
    publicMessage: 'Another device has scanned this code before. Show a new code and scan it.',
  },
  SWARM_LINK_CROWD: {
    category: 'limit',
    message: 'too many links at one time',
    publicMessage: 'Too many devices are being linked at the moment. Try again in a minute.',
  },
  SWARM_NOT_LEAD: {
    category: 'denied',
    message: 'the caller is no lead of that party',
    publicMessage: 'Only a lead of the inviting party can do this.',
  },
  SWARM_POLLS_USED: {
    category: 'limit',
    message: 'too many long polls are open',
    publicMessage: 'The box is busy. The app asks again by itself.',
  },
} as const satisfies ErrorTable;

/** A code of the table. */
export type SwarmCode = keyof typeof swarmErrors;

/** What goes with a refusal: the rule that was broken, or when to try again. */
export interface RefusalDetail {
  rule?: string;
  retryAfterSeconds?: number;
}

/** Nothing wrong, or the code to refuse with. */
export type Outcome = undefined | { code: SwarmCode; detail?: RefusalDetail };

/** The answer that refuses, with the rule number in the message where there is one. */
export function refuse(
  code: SwarmCode,
  { rule, retryAfterSeconds }: RefusalDetail = {},
): RouteReply {
  const { category, publicMessage } = swarmErrors[code];
  const message = rule === undefined ? publicMessage : `${publicMessage} (rule ${rule})`;
  const later = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return { refuse: { category, code, message, ...later } };
}
