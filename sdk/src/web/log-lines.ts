// What terminals act on and people don't read: colours, cursor moves, titles.
// oxlint-disable-next-line no-control-regex
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** The newest lines of a text that comes in pieces, without terminal escapes; a `\r` rewrites its line. */
export class LogLines {
  readonly #limit: number;
  #lines: string[] = [];
  #open = '';

  /** @param limit how many lines are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether nothing came yet. */
  get isEmpty(): boolean {
    return this.#lines.length === 0 && this.#open === '';
  }

  /** Takes the next piece; a line may be cut anywhere. */
  add(text: string): void {
    const lines = (this.#open + text).split('\n');
    this.#open = lines.pop() ?? '';
    this.#lines.push(...lines.map(clean));
    if (this.#lines.length > this.#limit) this.#lines.splice(0, this.#lines.length - this.#limit);
  }

  /** Forgets everything. */
  clear(): void {
    this.#lines = [];
    this.#open = '';
  }

  /** All that is kept. */
  text(): string {
    return [...this.#lines, ...(this.#open === '' ? [] : [clean(this.#open)])].join('\n');
  }
}

function clean(line: string): string {
  const bare = line.replace(escapes, '').replace(/\r+$/, '');
  return bare.slice(bare.lastIndexOf('\r') + 1);
}
