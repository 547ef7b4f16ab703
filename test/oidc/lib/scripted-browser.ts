import assert from 'node:assert/strict';

/** The query of an answer. */
export type BroughtBack = Readonly<Record<string, string>>;

/** A browser without a page: follows redirects at the provider, keeps its cookies there, and fills in its form. */
export class ScriptedBrowser {
  readonly #cookies = new Map<string, string>();

  /**
   * Goes where a log-in begins, and logs in as `account` unless the provider knows who it is.
   * @returns the query that the browser brings back to `callback`
   */
  async logIn(url: string, account: string, callback: string): Promise<BroughtBack> {
    let place = new URL(url);
    for (let step = 0; step < 10; step += 1) {
      if (place.href.startsWith(callback)) return Object.fromEntries(place.searchParams);
      place = await this.#step(place, account);
    }
    throw new Error(`the log-in leads nowhere: ${place.href}`);
  }

  /** Is nobody at the provider any more. */
  forget(): void {
    this.#cookies.clear();
  }

  async #step(place: URL, account: string): Promise<URL> {
    const answer = await this.fetch(place);
    const next = answer.headers.get('location');
    if (next !== null) return new URL(next, place);
    assert.equal(answer.status, 200, await answer.text());
    const sent = await this.fetch(place, { method: 'POST', body: new URLSearchParams({ account }) });
    return new URL(sent.headers.get('location') ?? '', place);
  }

  /** One request with this browser's cookies; redirects are not followed. */
  async fetch(url: URL, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', ...init, headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }
}
