import type { ApiClient } from '../../e2e/lib/index.ts';

/** Listens to the platform's event stream, as the page does. */
export class News implements Disposable {
  readonly #leaving = new AbortController();
  /** Everything that was heard. */
  heard = '';
  /** Whether the platform has ended the stream. */
  hasEnded = false;

  static async listen(api: ApiClient): Promise<News> {
    const news = new News();
    const answer = await api.fetch('/events', { signal: news.#leaving.signal });
    if (answer.status !== 200 || answer.body === null) throw new Error(`no events: ${answer.status}`);
    void news.#read(answer.body);
    return news;
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
