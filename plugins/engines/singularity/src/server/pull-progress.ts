/** What a stage of a pull is called, and the line that it begins with. */
const stages: readonly (readonly [begin: RegExp, words: string])[] = [
  [/(Starting build|Fetching OCI image|Getting image source)/i, 'Fetching the image'],
  [/Extracting OCI image/i, 'Unpacking the image'],
  [/Creating SIF file/i, 'Making the image into one file, once for all tasks'],
];

/**
 * Makes short sentences of what the host's script and the program print. The script tells every second how much there is;
 * what a stage has made is what came since it began.
 */
export class PullProgress {
  #stage = stages[0]?.[1] ?? '';
  #size = 0;
  #before = 0;
  #last = '';

  /** The sentence after one more line, or `undefined` when it says nothing new. */
  add(line: string): string | undefined {
    const sentence = this.#read(line);
    if (sentence === undefined || sentence === this.#last) return undefined;
    this.#last = sentence;
    return sentence;
  }

  #read(line: string): string | undefined {
    if (line === 'STELE waits') return 'Fetching the image: another task is fetching it.';
    const size = /^STELE (\d+)$/.exec(line)?.[1];
    if (size !== undefined) return this.#grown(Number(size));
    const stage = stages.find(([begin]) => begin.test(line))?.[1];
    if (stage === undefined) return undefined;
    this.#stage = stage;
    this.#before = this.#size;
    return `${stage}.`;
  }

  #grown(size: number): string | undefined {
    this.#size = size;
    const made = Math.floor((size - this.#before) / 1024);
    return made < 1 ? undefined : `${this.#stage}: ${made} MiB so far.`;
  }
}
