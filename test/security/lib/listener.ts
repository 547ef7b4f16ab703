import assert from 'node:assert/strict';
import { type ApiClient, eventually } from '../../e2e/lib/index.ts';

export interface Heard {
  readonly name: string;
  readonly data: string;
}

/** Somebody who listens to the platform's events. */
export class Listener implements Disposable {
  readonly #leaving = new AbortController();
  #text = '';
  #hasEnded = false;

  /** Listens from when it resolves. */
  static async open(client: ApiClient, headers: Record<string, string> = {}): Promise<Listener> {
    const listener = new Listener();
    const answer = await client.fetch('/events', { headers, signal: listener.#leaving.signal });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/event-stream/);
    assert(answer.body);
    void listener.#read(answer.body);
    await eventually('the stream begins', () => Promise.resolve(/^(id|event):/m.test(listener.#text)));
    return listener;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>)
        this.#text += decoder.decode(chunk, { stream: true });
    } catch (error) {
      this.#text += `\n: broke off: ${String(error)}\n`;
    }
    this.#hasEnded = true;
  }

  get text(): string {
    return this.#text;
  }

  get lastId(): string {
    return [...this.#text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? '';
  }

  get events(): readonly Heard[] {
    return [...this.#text.matchAll(/^event: (.+)\ndata: (.*)$/gm)].map(([, name = '', data = '']) => ({ name, data }));
  }

  until(isTrue: (events: readonly Heard[]) => boolean, what: string): Promise<void> {
    return eventually(what, () => Promise.resolve(isTrue(this.events)), 10_000);
  }

  /** Waits until the platform ends the stream. */
  ended(what: string): Promise<void> {
    return eventually(`${what} ends`, () => Promise.resolve(this.#hasEnded), 5_000);
  }

  [Symbol.dispose](): void {
    this.#leaving.abort();
  }
}
