import { BoxAway, BoxRefusal } from './exchange.ts';
import { ClientProblem, type Problem } from './model.ts';

const rows = {
  BOX_OUT_OF_REACH: [
    'The box did not answer.',
    'Check that this device is on the network of the box. Then try again.',
  ],
  BOX_OTHER_KEY: [
    'Another box answers here than the one your code names.',
    'Do not go on. Show this to the lead who gave you the code.',
  ],
  BOX_CONTESTED: [
    'The leads recorded different keys for the box. This device keeps to the box that its own code names.',
    'Compare the code of the box with the leads of the other parties. One of the keys may be of a false box.',
  ],
  BOX_REFUSED: [
    'The box refused.',
    'Wait a minute and try again. If it stays so, copy the report for the person who runs the box.',
  ],
  BOX_BUSY: ['The box is busy.', 'Wait a minute and try again.'],
  DEVICE_SET_BACK: [
    'The box knows messages of this device that this device does not know.',
    'This browser was put back to an older state. Join again with a new invitation.',
  ],
  DEVICE_OUT: [
    'The box lets this device in no more.',
    'Ask a lead of your party. If the parties removed you, you can leave the mission on this device.',
  ],
  CODE_UNREADABLE: ['This is not a Parley code.', 'Scan or type the code again.'],
  CODE_OTHER_BOX: ['This code belongs to another box.', 'Connect to that box. Then scan it again.'],
  CODE_OTHER_MISSION: [
    'This device already takes part in a mission.',
    'Use another browser profile or device for the other mission.',
  ],
  MISSION_EXISTS: [
    'This box has its mission already.',
    'Ask a lead of your party for an invitation.',
  ],
  FOUNDING_NONE: ['No mission is being founded on this box.', 'Ask the proposer for a new code.'],
  FOUNDING_OPEN: [
    'Another founding is already open on this box.',
    'Ask its proposer for the join code.',
  ],
  FOUNDING_DRAFT: [
    'The mission needs two to 32 parties with different names and codes.',
    'Change the list of parties.',
  ],
  FOUNDING_SLOT: ['Somebody is already founding for this party.', 'Choose another party.'],
  FOUNDING_STEP: ['It is too early for this step.', 'Wait until the other parties are ready.'],
  FOUNDING_DIFFERS: [
    'A party says that the safety codes differ.',
    'Nobody is bound. Meet, find out who stands between you, and propose again.',
  ],
  FOUNDING_CHEATED: [
    'The founding does not add up: what the box shows cannot all be true.',
    'Nobody is bound. Do not use this box before its owner has looked at it.',
  ],
  FOUNDING_SAME_PARTY: [
    'Two devices founded for one party.',
    'Nobody is bound. Agree who founds for which party and propose again.',
  ],
  FOUNDING_CANCELLED: ['The founding was cancelled.', 'Nobody is bound. Propose again.'],
  FOUNDING_REPLACED: [
    'Somebody began another founding in the place of this one.',
    'Nobody is bound. Ask the people at the box for the new join code.',
  ],
  FOUNDING_SIGNED: [
    'A party has already signed the founding on this box.',
    'It cannot be replaced any more. Ask its parties for the join code.',
  ],
  FOUNDING_KEY_MISSING: [
    "Only the code on the box's own screen lets you start a new founding.",
    'Scan the code that the box shows now. Then try again.',
  ],
  CODE_NO_DEVICE: [
    'This is not the code of a new device.',
    'Press “Link this device” on the new device. Then scan the code that it shows.',
  ],
  CODE_OF_DEVICE: [
    'This is the code of a new device.',
    'Scan it with your device that is in the mission, under “My devices”.',
  ],
  LINK_DIFFERS: [
    'The two devices showed different pictures.',
    'Nothing was handed over. Somebody may stand between the devices: try again on another network.',
  ],
  LINK_CANCELLED: ['Linking was cancelled on the other device.', 'Start again on both devices.'],
  LINK_FALSE: [
    'What the box passed on is not from your other device.',
    'Nothing was handed over. Do not use this box before its owner has looked at it.',
  ],
  LINK_TAKEN: [
    'Another device has scanned this code before.',
    'Start again on the new device, and let nobody else scan its code.',
  ],
  LINK_GONE: [
    'The box does not know this code any more.',
    'Start again on the new device and scan the new code.',
  ],
  LINK_REFUSED: ['The box did not pass this on.', 'Start again on both devices.'],
  DEVICE_GONE: ['There is no such device.', 'Look at the list of your devices.'],
  INVITATION_STOPPED: [
    'This invitation is used up or was stopped.',
    'Ask a lead of the party for a new one.',
  ],
  INVITATION_REFUSED: [
    'The lead refused this request.',
    'Talk to the lead. Ask for a new invitation if it was a mistake.',
  ],
  INVITATION_FALSE_ANSWER: [
    'The box passed on a false answer. Nobody of the party gave it.',
    'Read no digits aloud. Tell the lead who invited you that this box cannot be trusted.',
  ],
  INVITATION_GONE: ['There is no such invitation on this device.', 'Make a new one.'],
  CLAIM_GONE: ['This request is gone.', 'Ask the person to scan the invitation again.'],
  NOT_A_LEAD: ['Only leads can do this.', 'Ask a lead of your party.'],
  NOT_STARTED: ['The app is not ready yet.', 'Wait a moment and try again.'],
  NOT_IN_MISSION: ['This device takes part in no mission yet.', 'Scan an invitation first.'],
  NO_CONVERSATION: ['There is no such conversation here.', 'Open it from the list again.'],
  CONVERSATION_LOCKED: [
    'This device has no key for this conversation yet.',
    'Wait until another member is online.',
  ],
  CONVERSATION_REFUSED: [
    'Nothing can be written here now.',
    'Look at the top of the conversation for the reason.',
  ],
  TEXT_EMPTY: ['There is nothing to send.', 'Write something first.'],
  TEXT_TOO_LONG: ['This is too long.', 'Shorten it or send it in parts.'],
  NAME_EMPTY: ['A name is missing.', 'Write a name of one to 64 characters.'],
  MESSAGE_FOREIGN: ['Only the author can change a message.', 'Reply to it instead.'],
  MESSAGE_GONE: ['This message is not here.', 'Open the conversation again.'],
  CALL_UNSUPPORTED: ['This device cannot take part in calls.', 'Use another device.'],
  CALL_BUSY: ['You are in another call.', 'Leave it first.'],
  CALL_NOBODY: ['This person has no device here that could ring.', 'Write a message instead.'],
  CALL_GONE: ['The call is over.', 'Call again.'],
  CALL_NO_DEVICE: [
    'There is no microphone or camera that could be used.',
    'Connect one. Then try again.',
  ],
  CALL_DEVICE_DENIED: [
    'The browser does not let Parley use this.',
    'Allow it in the settings of the browser. Then try again.',
  ],
  CALL_NO_ENCRYPTION: [
    'This browser cannot join encrypted conferences. One-to-one calls work.',
    'Update the browser, or open Parley on another device.',
  ],
  ENGINE_MISTAKE: [
    'The app made a mistake.',
    'Reload the page. What you wrote is kept. If it comes again, copy the report.',
  ],
  FILE_TOO_LARGE: ['This file is larger than 4 GiB.', 'Send it in parts.'],
  FILE_OVER_LIMIT: ['This file is larger than the box takes.', 'Send it in parts.'],
  FILE_SHARE_USED: [
    'Your party has used its share of the room for files on the box.',
    'Send smaller files.',
  ],
  FILE_BOX_FULL: [
    'The disk of the box is full.',
    'Tell the person who runs the box. Then press Resume.',
  ],
  FILE_UNREADABLE: ['The file could not be read.', 'Choose it again.'],
  FILE_GONE: ['The box does not have this file.', 'Ask the sender to send it again.'],
  FILE_LOST: ['This device no longer has the file.', 'Get it again, or ask for it.'],
  FILE_DAMAGED: [
    'The file was changed on the disk of this device. It was deleted here.',
    'Get it again.',
  ],
  BOARD_UNSUPPORTED: [
    'This cannot be put on the board.',
    'Draw with the tools of the board. Send pictures as files.',
  ],
  BOARD_STROKE_TOO_LONG: ['This line is too long to be kept.', 'Draw it again in shorter parts.'],
  VOTE_GONE: ['This vote is not open.', 'Look at the list of votes.'],
  VOTE_OWN_PARTY: [
    'Nobody votes about a person of the own party, or about the own party.',
    'Ask a lead of another party.',
  ],
  VOTE_REFUSED: ['This vote is not possible now.', 'Look at the list of votes.'],
  MISSION_CLOSED: [
    'The mission is closed. Nothing new can be written.',
    'Copy your text. Hand it over in another way.',
  ],
  FILE_MISSION_CLOSED: [
    'The mission was closed before the box had this file.',
    'It is not in the record. Hand it over in another way.',
  ],
  CLOSING_NOT_YET: ['It is too early for this step.', 'Wait until the mission is that far.'],
  WAIT_NOT_OVER: ['The waiting time is not over.', 'Wait, or ask the party to sign its receipt.'],
  RECORD_NONE: ['This device has no checked record.', 'Save the record first.'],
  RECORD_DAMAGED: [
    'This copy of the record is damaged.',
    'Save it again. The other copies are fine.',
  ],
  RECORD_FALSE: [
    'The record does not hold: something in it breaks the rules.',
    'Sign nothing. Report it to the other parties.',
  ],
  RECORD_LACKING: [
    'Something that this device has is not in the record.',
    'Sign nothing. Report it to the other parties.',
  ],
  RECORD_UNPROVEN: [
    'The box offers a record without a true signature.',
    'Sign nothing. Tell the person who runs the box.',
  ],
  RECORD_TWO: [
    'The box gave out different records, each with its signature.',
    'Sign nothing. Save the proof and show it to the other parties.',
  ],
  CERTIFICATE_NONE: ['There is no certificate yet.', 'Wait until the box is wiped.'],
  CERTIFICATE_FALSE: [
    'The certificate does not fit this mission and its receipts.',
    'Do not believe that anything was wiped. Keep your record.',
  ],
  PASSPHRASE_SHORT: ['This passphrase is too short.', 'Use at least 12 characters.'],
  STORAGE_FAILED: [
    'This device could not keep what you did.',
    'Make room in the browser storage. Then try again.',
  ],
} as const satisfies Record<string, readonly [says: string, advice: string]>;

/** Codes of everything that a command can be refused with. Never renamed. */
export type ProblemCode = keyof typeof rows;

/** The words for a code. */
export function problemOf(code: ProblemCode): Problem {
  const [says, advice] = rows[code];
  return { code, says, advice };
}

/** An error that a command rejects with. */
export function problem(code: ProblemCode, cause?: unknown): ClientProblem {
  return new ClientProblem(problemOf(code), cause);
}

/** What to show for any error: our own as it is, the box's in words, all others as our mistake. */
export function shown(error: unknown): ClientProblem {
  if (error instanceof ClientProblem) return error;
  if (error instanceof BoxAway) return problem('BOX_OUT_OF_REACH', error);
  if (error instanceof BoxRefusal)
    return problem(error.isPassing ? 'BOX_BUSY' : 'BOX_REFUSED', error);
  return problem('ENGINE_MISTAKE', error);
}
