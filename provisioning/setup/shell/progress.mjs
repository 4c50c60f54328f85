/** A plain line for a step that takes long is repeated this often when there is no terminal. */
const REPEAT_MS = 20_000;

/**
 * Says on standard error what a set-up is doing: one line that rewrites itself on a terminal,
 * otherwise a line for each step. Standard output stays free for the program itself.
 */
export class Progress {
  #out;
  #step = '';
  #saidAt = 0;
  #open = false;

  constructor(out = process.stderr) {
    this.#out = out;
  }

  /** Begins a step. */
  step(text) {
    this.#step = text;
    this.#saidAt = Date.now();
    this.#show(`${text} …`);
  }

  /** How far the step is, such as `12 of 263`. */
  detail(text) {
    if (!this.#out.isTTY && Date.now() - this.#saidAt < REPEAT_MS) return;
    this.#saidAt = Date.now();
    this.#show(`${this.#step}: ${text}`);
  }

  /** A sentence that stays. */
  say(text) {
    this.done();
    this.#out.write(`parley: ${text}\n`);
  }

  /** Clears the line of the terminal. */
  done() {
    if (this.#open) this.#out.write('\r\x1b[K');
    this.#open = false;
  }

  #show(text) {
    if (!this.#out.isTTY) {
      this.#out.write(`parley: ${text}\n`);
      return;
    }
    const width = Math.max(20, (this.#out.columns || 80) - 1);
    this.#out.write(`\r\x1b[K${`parley: ${text}`.slice(0, width)}`);
    this.#open = true;
  }
}
