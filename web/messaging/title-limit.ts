/** Longest title of a conversation, in characters: one line of a phone, and a small profile. */
export const longestTitle = 80;
