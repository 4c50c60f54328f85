import { hasJoinCode } from '../session/arrival.ts';

/** True for the address of a join code; whether the code is good the engine decides. */
export function isParleyCode(text: string): boolean {
  return URL.canParse(text) && hasJoinCode(new URL(text).hash);
}
