import type { Endpoint } from '../connection/endpoint.ts';
import { denied } from '../errors.ts';
import { SftpSession } from './session.ts';

/** A session that nobody uses is closed soon: the host may allow two in all. */
const idle = 2_000;
const beginning = 15_000;

const shared = new WeakMap<Endpoint, Sftp>();

/** Somebody's use of the session. */
export interface SftpUse {
  readonly session: SftpSession;
  release(): void;
}

/** The SFTP session of an account on a host, opened when it is needed and shared by all who need it. */
export class Sftp {
  readonly #endpoint: Endpoint;
  #opening: Promise<SftpSession> | undefined;
  #users = 0;
  #timer: NodeJS.Timeout | undefined;

  static of(endpoint: Endpoint): Sftp {
    const present = shared.get(endpoint) ?? new Sftp(endpoint);
    shared.set(endpoint, present);
    return present;
  }

  private constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  get name(): string {
    return this.#endpoint.name;
  }

  async use<T>(work: (session: SftpSession) => Promise<T>): Promise<T> {
    const { session, release } = await this.acquire();
    try {
      return await work(session);
    } finally {
      release();
    }
  }

  /** For uses that outlive a call, such as streams. */
  async acquire(): Promise<SftpUse> {
    clearTimeout(this.#timer);
    this.#users += 1;
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      this.#users -= 1;
      if (this.#users === 0) this.#timer = setTimeout(() => void this.#close(), idle).unref();
    };
    try {
      this.#opening ??= this.#open();
      return { session: await this.#opening, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async #close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    (await opening)?.close();
  }

  async #open(): Promise<SftpSession> {
    try {
      return await this.#begin();
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  async #begin(): Promise<SftpSession> {
    // Not the signal of whoever came first: others wait for the same session.
    const limit = AbortSignal.timeout(beginning);
    let late: NodeJS.Timeout | undefined;
    try {
      const session = await this.#endpoint.session(
        (client, opened) => client.subsys('sftp', opened),
        (channel, link) => new SftpSession(channel, link, this.name, () => this.#ended()),
        limit,
      );
      late = setTimeout(() => session.close(), beginning);
      await session.begin();
      return session;
    } catch (error) {
      if (/subsystem/.test((error as Error).message))
        throw denied(`${this.name} offers no files: its SFTP subsystem is off.`, error);
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  #ended(): void {
    this.#opening = undefined;
  }
}
