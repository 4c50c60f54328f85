import type { ReactNode } from 'react';
import { Link, Route, Router, Switch, useLocation } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';

export { Link, Route, Switch };

/** Hash routes: nothing of a route, and no secret, ever reaches the box. */
export function Routes({ children }: { children: ReactNode }) {
  return <Router hook={useHashLocation}>{children}</Router>;
}

/** The route now shown, such as `/chats`. */
export function usePath(): string {
  return useLocation()[0];
}

/** Goes to a route; `replace` leaves no step to come back to. */
export function useGo(): (path: string, options?: { replace?: boolean }) => void {
  return useLocation()[1];
}
