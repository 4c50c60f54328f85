const secretRoute = '#/j/';

/** Address with a join code in its fragment? Only such addresses carry a secret. */
export function hasJoinCode(hash: string): boolean {
  return hash.startsWith(secretRoute) && hash.length > secretRoute.length;
}

/**
 * Takes a join code out of the address bar and of the history, before any other
 * work or request (rule J1), and returns the whole address as it was opened.
 */
export function takeJoinCode(page: Window): string | undefined {
  const { href, hash, pathname, search } = page.location;
  if (!hasJoinCode(hash)) return undefined;
  page.history.replaceState(null, '', `${pathname}${search}#/`);
  return href;
}
