import type { Task } from '@stele/sdk/api';
import type { ApiClient } from '../../e2e/lib/index.ts';

/** Hears how tasks are, by the event stream of the API. */
export class Phases implements Disposable {
  readonly #leaving = new AbortController();
  readonly #waiting = new Map<string, { readonly isIt: (task: Task) => boolean; readonly seen: () => void }>();

  static async listen(api: ApiClient): Promise<Phases> {
    const phases = new Phases();
    const answer = await api.fetch('/events', { signal: phases.#leaving.signal });
    if (answer.body === null) throw new Error(`no events: ${answer.status}`);
    void phases.#read(answer.body);
    return phases;
  }

  /** Resolves when the task with this key is told to be so. To be asked before it can be. */
  until(key: string, isIt: (task: Task) => boolean): Promise<void> {
    return new Promise((seen) => this.#waiting.set(key, { isIt, seen }));
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const chunk of body) {
        const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) this.#hear(event);
      }
    } catch (error) {
      if (!this.#leaving.signal.aborted) throw error;
    }
  }

  #hear(event: string): void {
    const [, data] = /^event: task$\n^data: (.*)$/m.exec(event) ?? [];
    if (data === undefined) return;
    const task = JSON.parse(data) as Task;
    const waiting = this.#waiting.get(task.key);
    if (waiting?.isIt(task)) waiting.seen();
  }

  [Symbol.dispose](): void {
    this.#leaving.abort();
  }
}
