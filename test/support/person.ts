import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Locator, type Page } from 'playwright-core';

const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

export const phone = { width: 390, height: 844 };
export const laptop = { width: 1280, height: 800 };

/** Somebody with a browser profile of their own, who clicks through the certificate warning. */
export class Person {
  readonly name: string;
  readonly #profile: string;
  readonly #screen: { width: number; height: number };
  readonly #program: string;
  #context!: BrowserContext;
  /** The one tab in which Parley is open. */
  page!: Page;
  /** What the browser complained about: violations of the policy, uncaught mistakes. */
  readonly complaints: string[] = [];

  private constructor(name: string, profile: string, screen: typeof laptop, program: string) {
    this.name = name;
    this.#profile = profile;
    this.#screen = screen;
    this.#program = program;
  }

  static async arrive(
    name: string,
    screen = laptop,
    program = '/usr/bin/chromium',
  ): Promise<Person> {
    const profile = await mkdtemp(join(tmpdir(), 'parley-person-'));
    const person = new Person(name, profile, screen, program);
    await person.openBrowser();
    return person;
  }

  /** Opens the browser, or opens it again with the profile as it was left. */
  async openBrowser(): Promise<void> {
    this.#context = await chromium.launchPersistentContext(this.#profile, {
      executablePath: this.#program,
      headless: true,
      args: chromiumFlags,
      ignoreHTTPSErrors: true,
      viewport: this.#screen,
      locale: 'en-GB',
      timezoneId: 'UTC',
      permissions: ['clipboard-read', 'clipboard-write', 'microphone', 'camera'],
    });
    this.page = this.#context.pages()[0] ?? (await this.#context.newPage());
    this.page.on('pageerror', (error) => this.complaints.push(error.message));
    this.page.on('console', (message) => {
      // An unreachable box is part of the story; the browser logs it on its own.
      if (message.type() !== 'error' || /ERR_|WebSocket connection/.test(message.text())) return;
      this.complaints.push(message.text());
    });
  }

  /** Closes the laptop: the browser ends, the profile stays. */
  async closeBrowser(): Promise<void> {
    await this.#context.close();
  }

  async leave(): Promise<void> {
    await this.#context.close().catch(() => {});
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  async goOffline(isOffline: boolean): Promise<void> {
    await this.#context.setOffline(isOffline);
  }

  async open(address: string): Promise<void> {
    await this.page.goto(address);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async press(name: string | RegExp): Promise<void> {
    await this.button(name).click();
  }

  field(name: string | RegExp): Locator {
    return this.page.getByRole('textbox', { name, exact: true });
  }

  async type(name: string | RegExp, text: string): Promise<void> {
    await this.field(name).fill(text);
  }

  /** Waits until this text stands on the screen. */
  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor({ timeout: 30_000 });
  }

  /** Writes a message in the open conversation. */
  async says(text: string): Promise<void> {
    await this.type('Message', text);
    await this.press('Send');
  }

  /** Texts of the messages in the open conversation that match, in their order. */
  async hears(pattern: RegExp): Promise<string[]> {
    const texts = await this.page.getByRole('log').getByText(pattern).allInnerTexts();
    return texts.map((text) => text.trim());
  }
}
