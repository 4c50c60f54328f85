/** Leads a keyboard or screen reader to what has just been shown, from its beginning. */
export function focusMain(): void {
  scrollTo(0, 0);
  document.getElementById('main')?.focus({ preventScroll: true });
}
