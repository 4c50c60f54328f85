import type { Place } from '#client/ports.ts';

/** Only one tab of a browser profile may write with the device's keys: Web Locks decide which. */
export class TabPlace implements Place {
  readonly #name: string;
  #release: (() => void) | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  take(): Promise<boolean> {
    if (this.#release) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      navigator.locks
        .request(this.#name, { ifAvailable: true }, (lock) => {
          if (!lock) {
            resolve(false);
            return undefined;
          }
          resolve(true);
          return new Promise<void>((release) => {
            this.#release = release;
          });
        })
        .catch(reject);
    });
  }

  leave(): void {
    this.#release?.();
    this.#release = undefined;
  }
}
