import assert from 'node:assert/strict';
import { type LogOptions, SteleError } from '@stele/sdk';
import { inTime } from '@stele/sdk/testing';
import { followed, type Following, type Waits } from './followed.ts';
import { lastLines } from './log-archive.ts';

const cut = new SteleError('UNREACHABLE', 'The connection was lost.');
const waits: Waits = { pauses: [1, 1], doubts: [0, 1] };
const gap = '\n[The log broke off here, and its resource no longer has what came next.]\n';

/** How one reading that follows goes: it shows what the log holds by then, and ends, or fails. */
type Turn = { readonly log: string; readonly fails?: Error };

/** A log as its resource tells it, in pieces of three bytes; what doesn't follow sees what the next turn begins with. */
class Resource {
  readonly asked: LogOptions[] = [];
  readonly cuts: unknown[] = [];
  readonly #turns: Turn[];
  #printed = '';

  constructor(turns: readonly Turn[]) {
    this.#turns = [...turns];
  }

  following(signal: AbortSignal): Following {
    const goesOn = async (): Promise<boolean> => this.#turns.length > 0;
    return { read: (options) => this.#read(options), goesOn, onCut: (failure) => this.cuts.push(failure), signal };
  }

  async *#read(options: LogOptions): AsyncGenerator<Uint8Array> {
    this.asked.push(options);
    const turn = options.follow === true ? this.#turns.shift() : this.#turns[0];
    assert(turn, 'read more often than needed');
    const old = Buffer.from(options.tail === undefined ? turn.log : this.#printed);
    const start = options.tail === undefined ? '' : lastLines(old, options.tail);
    const fresh = options.tail === undefined ? old : turn.log.slice(this.#printed.length);
    if (options.follow === true) this.#printed = turn.log;
    const bytes = Buffer.concat([Buffer.from(start), Buffer.from(fresh)]);
    for (let at = 0; at < bytes.length; at += 3) yield bytes.subarray(at, at + 3);
    if (options.follow === true && turn.fails) throw turn.fails;
  }
}

describe('a log that is followed', () => {
  const text = async (turns: readonly Turn[], options: LogOptions = {}): Promise<string> => {
    const following = new Resource(turns).following(inTime(30_000));
    const chunks = await Array.fromAsync(followed({ ...options, follow: true }, following, waits));
    return Buffer.concat(chunks).toString();
  };
  const long = Array.from({ length: 2_000 }, (_, at) => `line ${at}\n`).join('');

  for (const [what, turns, options, expected] of [
    ['that nothing cuts', [{ log: 'a\nb\n' }], {}, 'a\nb\n'],
    ['that is cut', [{ log: 'one\nt', fails: cut }, { log: 'one\ntwo\nthree\n' }], {}, 'one\ntwo\nthree\n'],
    ['that ends too early', [{ log: 'one\n' }, { log: 'one\ntwo\n' }], {}, 'one\ntwo\n'],
    ['that is cut before anything came', [{ log: '', fails: cut }, { log: 'a\nb\n' }], {}, 'a\nb\n'],
    ['of the same line', [{ log: 'x\nx\n', fails: cut }, { log: 'x\nx\nx\nx\nx\n' }], {}, 'x\nx\nx\nx\nx\n'],
    ['that is long', [{ log: long.slice(0, 9_000), fails: cut }, { log: long }], {}, long],
    [
      'of which the last lines are read',
      [{ log: 'one\ntwo\n', fails: cut }, { log: 'one\ntwo\nthree\n' }],
      { tail: 0 },
      'one\ntwo\nthree\n',
    ],
    ['whose beginning is gone', [{ log: 'one\ntwo\n', fails: cut }, { log: 'four\n' }], {}, `one\ntwo\n${gap}`],
    [
      'that is cut again and again',
      ['o', 'on', 'one', 'one\n', 'one\nt'].map((log) => ({ log, fails: cut })).concat({ log: 'one\ntwo\n' } as never),
      {},
      'one\ntwo\n',
    ],
  ] as const) {
    it(`${what} is told once and whole`, async () => assert.equal(await text(turns, options), expected));
  }

  it('says what cuts it when it can’t be read for a while', async () => {
    const turns = Array.from({ length: 3 }, () => ({ log: 'a\n', fails: cut }));
    await assert.rejects(text(turns), cut);
  });

  it('takes a refusal at its word', async () => {
    const denied = new SteleError('DENIED', 'You may not.');
    await assert.rejects(text([{ log: 'a\n', fails: denied }, { log: 'a\n' }]), denied);
  });

  it('is left when nobody reads it any more', async () => {
    const resource = new Resource([{ log: 'a\n', fails: cut }]);
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(), 20);
    const following = resource.following(leaving.signal);
    const chunks = await Array.fromAsync(followed({ follow: true }, following, { ...waits, pauses: [60_000] }));
    assert.deepEqual([Buffer.concat(chunks).toString(), resource.asked.length], ['a\n', 1]);
    assert.deepEqual(resource.cuts, [cut]);
  });
});
