import type { Health, Service } from '#kernel/service.ts';

/** A service that does what a test tells it to and writes down what it was asked. */
export class FakeService implements Service {
  readonly name: string;
  readonly needs: readonly string[];
  readonly claims = [];
  /** Shared between the services of a test: `start a`, `stop a`. */
  readonly diary: string[];
  /** What the next starts throw; an empty list starts well. */
  startErrors: unknown[] = [];
  stopError: unknown;
  present: Health = { status: 'ok', says: 'Well.' };

  constructor(name: string, needs: readonly string[], diary: string[]) {
    this.name = name;
    this.needs = needs;
    this.diary = diary;
  }

  async start(): Promise<void> {
    this.diary.push(`start ${this.name}`);
    const error = this.startErrors.shift();
    if (error !== undefined) throw error;
    this.present = { status: 'ok', says: 'Well.' };
  }

  async quiesce(): Promise<void> {}

  async stop(): Promise<void> {
    this.diary.push(`stop ${this.name}`);
    if (this.stopError !== undefined) throw this.stopError;
  }

  health(): Health {
    return this.present;
  }

  /** As after a crash of what the service runs. */
  breakDown(): void {
    this.present = { status: 'failed', says: 'Its worker is gone.' };
  }
}
