import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { laptop } from './person.ts';

const preferences = {
  // A colour that changes, and a tone.
  'media.navigator.streams.fake': true,
  'media.autoplay.default': 0,
  // All of the test runs on this machine's loopback.
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  // The version that plays H.264 would come from elsewhere.
  'media.gmp-manager.updateEnabled': false,
  'intl.accept_languages': 'en-GB',
};

/** How long a person looks for something on the screen. */
const patienceMs = 30_000;

/** Somebody with Firefox and a profile of their own, who clicks through the certificate warning. */
export class FirefoxPerson {
  readonly name: string;
  readonly #profile: string;
  readonly #browser: Browser;
  /** The one tab in which Parley is open. */
  readonly page: Page;
  /** What the browser complained about: violations of the policy, uncaught mistakes. */
  readonly complaints: string[] = [];

  private constructor(name: string, profile: string, browser: Browser, page: Page) {
    this.name = name;
    this.#profile = profile;
    this.#browser = browser;
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  /** `origin` may use camera and microphone, as if the person had always allowed it. */
  static async arrive(name: string, origin: string): Promise<FirefoxPerson> {
    const profile = await mkdtemp(join(tmpdir(), 'parley-firefox-'));
    // WebDriver cannot grant these. Without them Firefox offers no address but the default one to
    // WebRTC, which never is loopback: a made-up camera does not count as one in use.
    const granted = join(profile, 'granted.txt');
    const lines = ['camera', 'microphone'].map((what) => `origin\t${what}\t1\t${origin}\n`);
    await writeFile(granted, lines.join(''));
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: '/usr/bin/firefox-esr',
      headless: true,
      acceptInsecureCerts: true,
      userDataDir: profile,
      extraPrefsFirefox: {
        ...preferences,
        'permissions.manager.defaultsUrl': pathToFileURL(granted).href,
      },
      env: { ...process.env, HOME: profile },
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(patienceMs);
    await page.setViewport(laptop);
    return new FirefoxPerson(name, profile, browser, page);
  }

  async leave(): Promise<void> {
    await this.#browser.close().catch(() => {});
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  async open(address: string): Promise<void> {
    await this.page.goto(address);
  }

  /** Presses what has this role and exactly this name. */
  async press(name: string, role = 'button'): Promise<void> {
    await this.page.locator(`::-p-aria([name="${name}"][role="${role}"])`).click();
  }

  /** Presses the words themselves, as of a row in a list. */
  async pressWords(words: string): Promise<void> {
    await this.page.locator(`::-p-text(${words})`).click();
  }

  /** Chooses one of several, whose dot is drawn by the app over an unseen one. */
  async choose(name: string): Promise<void> {
    const radio = await this.page.waitForSelector(`::-p-aria([name="${name}"][role="radio"])`);
    await radio?.evaluate((one) => {
      (one as HTMLElement).click();
    });
  }

  async type(name: string, text: string): Promise<void> {
    await this.page.locator(`::-p-aria([name="${name}"][role="textbox"])`).fill(text);
  }

  /** Waits until this text stands on the screen. */
  async sees(text: string): Promise<void> {
    await this.page.waitForSelector(`::-p-text(${text})`, { visible: true });
  }

  /** Writes a message in the open conversation. */
  async says(text: string): Promise<void> {
    await this.type('Message', text);
    await this.press('Send');
  }
}
