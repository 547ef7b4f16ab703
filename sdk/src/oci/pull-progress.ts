/**
 * Makes short sentences of what `pull` prints without a terminal. Docker names each layer with each of its steps; Podman
 * says once that it copies a layer.
 */
export class PullProgress {
  readonly #layers = new Set<string>();
  readonly #done = new Set<string>();
  #last = '';

  /** The sentence after one more line, or `undefined` when it says nothing new. */
  add(line: string): string | undefined {
    const sentence = this.#read(line.trim());
    if (sentence === undefined || sentence === this.#last) return undefined;
    this.#last = sentence;
    return sentence;
  }

  #read(line: string): string | undefined {
    const docker = /^([0-9a-f]{12}): (\w.*)$/.exec(line);
    if (docker) return this.#layer(docker[1] ?? '', /^(pull complete|already exists)/i.test(docker[2] ?? ''));
    const podman = /^Copying blob (?:sha256:)?([0-9a-f]{12})/.exec(line);
    if (podman) return this.#layer(podman[1] ?? '', /\b(done|skipped)\b/.test(line));
    if (/^(Writing manifest|Storing signatures|Digest:)/.test(line)) return 'Fetching the image: storing it.';
    if (/^(Trying to pull|Getting image source|.*: Pulling from )/.test(line)) return 'Fetching the image.';
    return undefined;
  }

  #layer(layer: string, isDone: boolean): string {
    this.#layers.add(layer);
    if (isDone) this.#done.add(layer);
    const all = this.#layers.size === 1 ? '1 layer' : `${this.#layers.size} layers`;
    const count = this.#done.size === 0 ? all : `${this.#done.size} of ${all}`;
    return `Fetching the image: ${count}.`;
  }
}
