/** What goes wrong in a set-up and is told to a person in a sentence; no stack is shown. */
export class SetupFailure extends Error {}
