import { hasCode, type Logger, messageOf } from '@stele/sdk';
import { letterAtStart } from './letter.ts';
import type { Due, Outbox } from './outbox.ts';
import type { MailTransport } from './transport.ts';

/** Milliseconds between two looks into the outbox, which nobody else empties. */
const period = 5_000;
const first = 30_000;
const longest = 3_600_000;
/** About a day of attempts. */
const attempts = 30;

/** Milliseconds until a letter that failed so often is tried again. Pure. */
export function retryAfter(failures: number): number {
  return Math.min(longest, first * 2 ** Math.min(failures - 1, 12));
}

export interface PostmanParts {
  readonly outbox: Outbox;
  readonly transport: MailTransport;
  readonly site: string;
  /** The page of a task, by its key. */
  readonly taskPage: (key: string) => string;
  readonly log: Logger;
  /** Milliseconds between two looks. */
  readonly period?: number;
  readonly retryAfter?: typeof retryAfter;
}

/** Sends what waits, one after the other. Nobody waits for it. */
export class Postman implements AsyncDisposable {
  readonly #parts: PostmanParts;
  readonly #timer: NodeJS.Timeout;
  #round: Promise<void> | undefined;
  #isEnded = false;

  constructor(parts: PostmanParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.hurry(), parts.period ?? period);
  }

  /** Looks now. */
  hurry(): void {
    if (!this.#isEnded) this.#round ??= this.#empty();
  }

  async #empty(): Promise<void> {
    const { outbox, log } = this.#parts;
    try {
      for (let due = await outbox.take(); due && !this.#isEnded; due = await outbox.take()) await this.#deliver(due);
    } catch (error) {
      log.warn('the outbox could not be read', { error: messageOf(error) });
    }
    this.#round = undefined;
  }

  async #deliver(due: Due): Promise<void> {
    const { outbox, transport, log } = this.#parts;
    try {
      await transport.send(due.email, this.#letter(due), due.id);
    } catch (error) {
      return this.#failed(due, error);
    }
    await outbox.sent(due);
    log.info('an e-mail was sent', { notice: due.id });
  }

  async #failed(due: Due, error: unknown): Promise<void> {
    const { outbox, log } = this.#parts;
    const words = messageOf(error);
    const isOver = hasCode(error, 'INVALID') || due.attempts >= attempts;
    log.warn(isOver ? 'an e-mail is given up' : 'an e-mail is tried again later', { notice: due.id, error: words });
    if (isOver) await outbox.giveUp(due, words);
    else await outbox.putOff(due, (this.#parts.retryAfter ?? retryAfter)(due.attempts), words);
  }

  #letter(due: Due) {
    const { site, taskPage } = this.#parts;
    const startedAt = new Date(due.started_at);
    return letterAtStart({ ...due, site, startedAt, hasEnded: due.has_ended, url: taskPage(due.key) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true;
    clearInterval(this.#timer);
    await this.#round;
  }
}
