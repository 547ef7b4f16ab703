import type { ApiClient } from '../../e2e/lib/index.ts';

/** Listens to the platform's event stream, as the page does. */
export class News implements Disposable {
  readonly #api: ApiClient;
  readonly #leaving = new AbortController();
  /** Everything that was heard. */
  heard = '';
  /** Whether the platform has ended the stream. */
  hasEnded = false;

  private constructor(api: ApiClient) {
    this.#api = api;
  }

  static async listen(api: ApiClient): Promise<News> {
    const news = new News(api);
    await news.#open({});
    return news;
  }

  /** Where the platform has ended the stream: asks for what was missed, as a browser does by itself. */
  async comeBack(): Promise<void> {
    if (!this.hasEnded) return;
    const last = [...this.heard.matchAll(/^id: (.*)$/gm)].at(-1)?.[1];
    await this.#open(last === undefined ? {} : { 'Last-Event-ID': last });
  }

  async #open(headers: Record<string, string>): Promise<void> {
    const answer = await this.#api.fetch('/events', { headers, signal: this.#leaving.signal });
    if (answer.status !== 200 || answer.body === null) throw new Error(`no events: ${answer.status}`);
    this.hasEnded = false;
    void this.#read(answer.body);
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) this.heard += decoder.decode(chunk, { stream: true });
    } catch (error) {
      if (!this.#leaving.signal.aborted) this.heard += `\n${String(error)}`;
    }
    this.hasEnded = true;
  }

  [Symbol.dispose](): void {
    this.#leaving.abort();
  }
}
