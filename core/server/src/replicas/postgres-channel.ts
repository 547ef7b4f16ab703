import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { type Logger, messageOf } from '@stele/sdk';
import { Client, type Notification } from 'pg';
import type { Database } from '../model/index.ts';
import { pause } from '../pause.ts';
import type { Channel } from './channel.ts';
import { Listeners } from './listeners.ts';
import { decode, encode, type Message } from './message.ts';
import { demandSameKey } from './same-key.ts';

const name = 'stele';
const quickest = 250;
const longest = 5_000;
/** Milliseconds between two questions whether the connection is alive, and until an answer has to be there. */
const pulse = 10_000;
const patience = 5_000;

export interface PostgresChannelOptions {
  readonly database: Database;
  /** Number that stands for the secret key: replicas with different ones can't work together. */
  readonly fingerprint: number;
  readonly log: Logger;
}

/** LISTEN and NOTIFY on a connection of its own, made again whenever it breaks. */
export class PostgresChannel implements Channel, AsyncDisposable {
  readonly #options: PostgresChannelOptions;
  readonly #me = randomUUID();
  readonly #messages: Listeners<Message>;
  readonly #gaps: Listeners<void>;
  readonly #ended = new AbortController();
  #waiting: string[] = [];
  #sending: Promise<void> | undefined;
  #isClosing = false;
  #client: Client | undefined;
  #kept: Promise<void> = Promise.resolve();

  private constructor(options: PostgresChannelOptions) {
    this.#options = options;
    this.#messages = new Listeners(options.log);
    this.#gaps = new Listeners(options.log);
  }

  /** @throws CONFLICT when a replica with another secret key runs */
  static async open(options: PostgresChannelOptions): Promise<PostgresChannel> {
    const channel = new PostgresChannel(options);
    const client = await channel.#connect();
    channel.#kept = channel.#keep(client);
    return channel;
  }

  tell(message: Message): void {
    if (this.#ended.signal.aborted) return;
    this.#waiting.push(encode(this.#me, message));
    this.#sending ??= this.#send();
  }

  async tellWithin(em: EntityManager, message: Message): Promise<void> {
    await em.execute('select pg_notify(?, ?)', [name, encode(this.#me, message)]);
  }

  onMessage(listener: (message: Message) => void): Disposable {
    return this.#messages.add(listener);
  }

  onGap(listener: () => void): Disposable {
    return this.#gaps.add(listener);
  }

  /** What comes together goes together. What can't be told yet waits: the others hear, so they know of no gap. */
  async #send(): Promise<void> {
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const texts = this.#waiting.splice(0, 100);
      try {
        await this.#notify(texts);
      } catch (error) {
        this.#options.log.warn('other replicas could not be told', { count: texts.length, error: messageOf(error) });
        if (this.#isClosing) break;
        this.#waiting.unshift(...texts);
        await pause(longest, this.#ended.signal);
      }
    }
    this.#sending = undefined;
  }

  async #notify(texts: readonly string[]): Promise<void> {
    const sql = `select ${texts.map(() => 'pg_notify(?, ?)').join(', ')}`;
    const values = texts.flatMap((text) => [name, text]);
    await this.#options.database.orm.em.getConnection().execute(sql, values);
  }

  async #connect(): Promise<Client> {
    const { database, fingerprint } = this.#options;
    const client = new Client({
      ...database.address,
      application_name: 'stele replica',
      connectionTimeoutMillis: patience,
      query_timeout: patience,
      keepAlive: true,
    });
    client.on('notification', (notification) => this.#heard(notification));
    client.on('error', () => undefined); // Its end is what counts.
    try {
      await client.connect();
      await demandSameKey(client, fingerprint);
      await client.query(`listen ${name}`);
    } catch (error) {
      await client.end();
      throw error;
    }
    this.#client = client;
    return client;
  }

  /** Stays connected. Whatever was told in between was missed. */
  async #keep(first: Client): Promise<void> {
    const { signal } = this.#ended;
    let client: Client | undefined = first;
    let wait = quickest;
    while (!signal.aborted) {
      if (client) {
        wait = quickest;
        this.#gaps.tell();
        await this.#lives(client);
        this.#options.log[signal.aborted ? 'debug' : 'warn']('the connection to other replicas has ended');
      }
      // Not all replicas at once: the database that is back has enough to do.
      const goesOn = await pause(wait * (0.5 + Math.random()), signal);
      wait = Math.min(longest, wait * 2);
      if (goesOn) client = await this.#tryConnect();
    }
  }

  async #tryConnect(): Promise<Client | undefined> {
    try {
      return await this.#connect();
    } catch (error) {
      this.#options.log.debug('other replicas can’t be heard', { error: messageOf(error) });
      return undefined;
    }
  }

  /** Resolves when the connection is dead. A peer that went without a word is found out by asking. */
  async #lives(client: Client): Promise<void> {
    const over = new AbortController();
    client.once('end', () => over.abort());
    client.once('error', () => over.abort());
    const until = AbortSignal.any([over.signal, this.#ended.signal]);
    while (!until.aborted) {
      if (!(await pause(pulse, until))) break;
      await client.query('select 1').catch(() => over.abort());
    }
    this.#client = undefined;
    await hangUp(client);
  }

  #heard({ payload = '' }: Notification): void {
    const heard = decode(payload);
    if (heard === undefined) this.#options.log.debug('what another replica said can’t be understood');
    else if (heard.from !== this.#me) this.#messages.tell(heard.message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    await this.#sending;
    this.#ended.abort();
    await this.#kept;
    if (this.#client) await hangUp(this.#client);
  }
}

/** An end that is not answered is one, too. */
async function hangUp(client: Client): Promise<void> {
  await Promise.race([client.end().catch(() => undefined), sleep(1_000, undefined, { ref: false })]);
}
