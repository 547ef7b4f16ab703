import assert from 'node:assert/strict';
import type { JsonObject } from '@stele/sdk';
import type { SessionInfo } from '@stele/sdk/api';
import { type Answer, ApiClient, type Problem } from '../../e2e/lib/index.ts';
import { type BroughtBack, ScriptedBrowser } from './scripted-browser.ts';

type Entered = Answer<SessionInfo & Problem>;

/** Somebody with a browser: cookies of the platform's and of the provider's, and the page's manners. */
export class Guest {
  readonly browser = new ScriptedBrowser();
  readonly #origin: string;
  readonly #public: string;
  readonly #cookies = new Map<string, string>();
  #csrf: string | undefined;

  /**
   * @param origin where requests go
   * @param known the platform's public origin, where that is another
   */
  constructor(origin: string, known = origin) {
    this.#origin = origin;
    this.#public = known;
  }

  /** A client of the API with this browser's cookies. */
  get api(): ApiClient {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { Origin: this.#public, ...(cookie === '' ? {} : { Cookie: cookie }) };
    return new ApiClient(this.#origin, {
      ...headers,
      ...(this.#csrf === undefined ? {} : { 'X-CSRF-Token': this.#csrf }),
    });
  }

  /** The same browser at another replica. */
  at(origin: string): Guest {
    const guest = new Guest(origin, this.#public);
    for (const [name, value] of this.#cookies) guest.#cookies.set(name, value);
    guest.#csrf = this.#csrf;
    return guest;
  }

  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies;
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const answer = await this.api.call<T>(method, path, body);
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }

  /** Where a log-in at a provider begins; with `path`, a link of one's account. */
  async begin(provider: string): Promise<string> {
    const { status, body } = await this.call<{ url: string }>('POST', `/auth/${provider}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body.url;
  }

  /** Goes to the provider as `account`, and brings its answer back. */
  async fetchAnswer(provider: string, account: string, url?: string): Promise<BroughtBack> {
    const place = url ?? (await this.begin(provider));
    return this.browser.logIn(place, account, `${this.#public}/login/${provider}`);
  }

  async bring(provider: string, answer: JsonObject): Promise<Entered> {
    return this.#entered(await this.call('POST', '/session', { provider, answer }));
  }

  async logIn(provider: string, account: string): Promise<Entered> {
    return this.bring(provider, await this.fetchAnswer(provider, account));
  }

  async byPassword(email: string, password: string): Promise<Entered> {
    return this.#entered(await this.call('POST', '/session', { provider: 'local', email, password }));
  }

  /** @param url of a one-time link */
  async byLink(url: string): Promise<Entered> {
    const link = new URLSearchParams(new URL(url).hash.slice(1)).get('link');
    return this.#entered(await this.call('POST', '/session', { link }));
  }

  #entered(answer: Entered): Entered {
    if (answer.status === 200) this.#csrf = answer.body.csrf;
    return answer;
  }
}
