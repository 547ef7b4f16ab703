import assert from 'node:assert/strict';
import { Ahead, Room, type Span } from './ahead.ts';

/** A store that answers when it is told to. */
class Asked {
  readonly spans: number[] = [];
  readonly #answers = new Map<number, PromiseWithResolvers<Uint8Array>>();

  readonly fetch = ({ start }: Span): Promise<Uint8Array> => {
    const answer = Promise.withResolvers<Uint8Array>();
    this.spans.push(start);
    this.#answers.set(start, answer);
    return answer.promise;
  };

  answer(start: number): void {
    this.#answers.get(start)?.resolve(Uint8Array.of(start));
  }

  fail(start: number): void {
    this.#answers.get(start)?.reject(new Error('gone'));
  }
}

const spans = (count: number): Span[] => Array.from({ length: count }, (_, start) => ({ start, end: start }));
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('parts fetched ahead', () => {
  let now = 0;
  const aheadOf = (count: number, asked: Asked, room: Room): Ahead<Uint8Array> =>
    new Ahead(spans(count), asked.fetch, room, () => now);

  /** Takes the part at `start`, for which it waits so long, and needs so long for it. */
  async function taken(
    ahead: Ahead<Uint8Array>,
    asked: Asked,
    start: number,
    waits: number,
    needs: number,
  ): Promise<void> {
    const next = ahead.next();
    now += waits;
    asked.answer(start);
    assert.equal((await next)?.[0], start);
    now += needs;
  }

  it('come in their order, more at a time while their reader waits, and end', async () => {
    const [asked, room] = [new Asked(), new Room(10)];
    using ahead = aheadOf(8, asked, room);
    const widths: number[] = [];
    for (let start = 0; start < 8; start += 1) {
      await taken(ahead, asked, start, 10, 10);
      widths.push(asked.spans.length - start);
    }
    assert.deepEqual(widths, [2, 4, 4, 4, 4, 3, 2, 1]);
    assert.equal(await ahead.next(), undefined);
    assert.equal(room.free, 10);
  });

  it('come in their order when the store answers in another', async () => {
    const asked = new Asked();
    using ahead = aheadOf(3, asked, new Room(10));
    await taken(ahead, asked, 0, 10, 0);
    const next = ahead.next();
    for (const start of [2, 1]) {
      asked.answer(start);
      await settled();
    }
    assert.deepEqual([(await next)?.[0], (await ahead.next())?.[0]], [1, 2]);
  });

  it('are held one at a time for a slow reader, also after it was a fast one', async () => {
    const [asked, room] = [new Asked(), new Room(10)];
    using ahead = aheadOf(20, asked, room);
    for (let start = 0; start < 10; start += 1) {
      await taken(ahead, asked, start, 10, start < 3 ? 10 : 1_000);
    }
    assert.equal(asked.spans.length, 10);
    assert.equal(room.free, 10);
  });

  it('are one more at most where there is no room, and give back what they took', async () => {
    const [asked, alone, room] = [new Asked(), new Asked(), new Room(2)];
    using other = aheadOf(9, asked, room);
    for (const start of [0, 1]) await taken(other, asked, start, 10, 0);
    assert.equal(room.free, 0);
    using ahead = aheadOf(5, alone, room);
    for (let start = 0; start < 4; start += 1) {
      await taken(ahead, alone, start, 10, 0);
      assert.equal(alone.spans.length, start + 2);
    }
    other[Symbol.dispose]();
    assert.equal(room.free, 2);
  });

  it('that fail are told when their turn comes, and none comes when all is over', async () => {
    const asked = new Asked();
    using ahead = aheadOf(4, asked, new Room(10));
    await taken(ahead, asked, 0, 10, 0);
    asked.fail(1);
    await settled();
    await assert.rejects(ahead.next(), /gone/);
    ahead[Symbol.dispose]();
    await assert.rejects(ahead.next(), { code: 'UNREACHABLE' });
  });
});
