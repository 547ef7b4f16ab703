import assert from 'node:assert/strict';
import { borrow, lend, lendingSize } from '@stele/sdk';
import type { SftpSession } from '../sftp/session.ts';
import { evenly, pour } from './pour.ts';

describe('cutting bytes into pieces', () => {
  const cases: [number, number, number[]][] = [
    [0, 255, []],
    [1, 255, [1]],
    [255, 255, [255]],
    [256, 255, [128, 128]],
    [513, 255, [171, 171, 171]],
    [11, 4, [4, 4, 3]],
  ];
  for (const [size, most, sizes] of cases) {
    it(`makes ${sizes.join(' + ') || 'none'} of ${size} where ${most} may be sent`, () => {
      const bytes = Buffer.from(Array.from({ length: size }, (_, index) => index % 251));
      const pieces = evenly(bytes, most);
      assert.deepEqual(
        pieces.map((piece) => piece.length),
        sizes,
      );
      assert.deepEqual(Buffer.concat(pieces), bytes);
    });
  }
});

describe('pouring into a file', () => {
  const piece = Buffer.alloc(512 * 1024);

  async function* endless(sent: { chunks: number }): AsyncGenerator<Buffer> {
    for (; ; sent.chunks += 1) yield piece;
  }

  async function* once(chunk: Buffer): AsyncGenerator<Buffer> {
    yield chunk;
  }

  /** A session that answers writes when it is told to. */
  function slow(writeLength = piece.length): { session: SftpSession; answers: ((error?: Error) => void)[] } {
    const answers: ((error?: Error) => void)[] = [];
    const write = () =>
      new Promise<void>((resolve, reject) =>
        answers.push((error) => (error === undefined ? resolve() : reject(error))),
      );
    return { session: { writeLength, write } as unknown as SftpSession, answers };
  }

  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('takes no more than may be under way, and ends with the first error once all is answered', async () => {
    const { session, answers } = slow();
    const sent = { chunks: 0 };
    const pouring = pour(session, Buffer.alloc(4), endless(sent), 0);
    const outcome = assert.rejects(pouring, /disk full/);
    await settled();
    assert.equal(answers.length, 3, '1.5 MiB are under way');
    answers[0]!();
    await settled();
    assert.equal(answers.length, 4, 'one answer makes room for one more');
    answers[1]!(new Error('disk full'));
    await settled();
    let isOver = false;
    void outcome.then(() => (isOver = true));
    await settled();
    assert(!isOver, 'two are not answered yet');
    for (const answer of answers.slice(2)) answer();
    await outcome;
    assert.equal(answers.length, 4, 'nothing is sent after an error');
  });

  it('gives memory that was lent back once the server has answered, and not before', async () => {
    const { session, answers } = slow(lendingSize / 2);
    const chunk = lend(borrow(), lendingSize);
    const pouring = pour(session, Buffer.alloc(4), once(chunk), 0);
    await settled();
    answers[0]!();
    await settled();
    assert.notEqual(borrow().buffer, chunk.buffer);
    answers[1]!();
    await pouring;
    assert.equal(borrow().buffer, chunk.buffer);
  });
});
