/** How much may wait for devices that are away. */
export interface MailboxLimits {
  mailboxBytes: number;
  mailboxSenderBytes: number;
}

/**
 * Counts what waits in memory for each device, in all and for each topic; a mailbox
 * topic names its sender, so the second bound is a sender's share.
 */
export class Mailboxes {
  readonly #limits: MailboxLimits;
  readonly #waiting = new Map<string, { bytes: number; topics: Map<string, number> }>();

  constructor(limits: MailboxLimits) {
    this.#limits = limits;
  }

  /** Makes room for a message; false when it may not be kept. */
  take(device: string, topic: string, bytes: number): boolean {
    const box = this.#waiting.get(device) ?? { bytes: 0, topics: new Map<string, number>() };
    const ofTopic = (box.topics.get(topic) ?? 0) + bytes;
    if (box.bytes + bytes > this.#limits.mailboxBytes) return false;
    if (ofTopic > this.#limits.mailboxSenderBytes) return false;
    box.bytes += bytes;
    box.topics.set(topic, ofTopic);
    this.#waiting.set(device, box);
    return true;
  }

  /** Gives room back once a message is delivered or thrown away. */
  give(device: string, topic: string, bytes: number): void {
    const box = this.#waiting.get(device);
    const ofTopic = box?.topics.get(topic);
    if (!box || ofTopic === undefined) return;
    box.bytes -= bytes;
    if (ofTopic > bytes) box.topics.set(topic, ofTopic - bytes);
    else box.topics.delete(topic);
    if (box.topics.size === 0) this.#waiting.delete(device);
  }
}
