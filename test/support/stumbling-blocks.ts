import type { Page } from 'playwright-core';

/** What a person could stumble over on the screen of the reader that is shown. */
export async function stumblingBlocks(of: Page): Promise<string[]> {
  await of.waitForSelector('h1');
  return of.evaluate(() => {
    const found: string[] = [];
    const where = document.querySelector('h2')?.textContent ?? '';
    if (document.querySelectorAll('h1').length !== 1) found.push(`${where}: not one heading`);
    if (document.querySelectorAll('main').length !== 1) found.push(`${where}: not one main part`);
    if (document.documentElement.scrollWidth > innerWidth) found.push(`${where}: scrolls sideways`);
    for (const control of document.querySelectorAll<HTMLElement>(
      'button, select, textarea, label',
    )) {
      const { height, width } = control.getBoundingClientRect();
      if (width < 8) continue;
      const name = control.ariaLabel ?? control.textContent ?? '';
      if (height < 44) found.push(`${where}: ${name} is ${height} pixels high`);
      const isNamed = name.trim() !== '' || control.closest('label') !== null;
      if (!isNamed) found.push(`${where}: a nameless ${control.tagName}`);
    }
    return found;
  });
}
