import assert from 'node:assert/strict';
import { hasCode } from '../errors.ts';
import { bodyReader } from './bodies.ts';
import { trusting } from './trust.ts';

describe('answers of servers', () => {
  const { textOf, jsonOf } = bodyReader({ whose: 'cluster', longest: 1 });
  async function* pieces(count: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < count; at += 1) yield Buffer.alloc(1024, 'x');
  }

  it('are read whole, however they come', async () => {
    const halves = [Buffer.from([0xc3]), Buffer.from([0xa4])];
    assert.equal(
      await textOf(
        (async function* () {
          yield* halves;
        })(),
      ),
      'ä',
    );
    assert.equal((await textOf(pieces(1024))).length, 1024 ** 2);
  });

  it('are not read for ever', async () => {
    const failure = await textOf(pieces(1025)).catch((error: unknown) => error);
    assert(hasCode(failure, 'PROTOCOL') && failure.message === 'The cluster’s answer is longer than 1 MiB.');
  });

  it('are not told where they aren’t JSON', () => {
    assert.deepEqual(jsonOf('{"a":[1]}'), { a: [1] });
    assert.throws(
      () => jsonOf('SECRET=canary'),
      (error) => hasCode(error, 'PROTOCOL') && !`${error.message} ${error.raw}`.includes('canary'),
    );
  });
});

describe('certificates of who is to be trusted', () => {
  it('are nobody’s but the system’s where none is named', () => assert.deepEqual(trusting(undefined), {}));

  for (const ca of ['', 'no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']) {
    it(`are refused where they are none: ${ca.slice(0, 20)}`, () => {
      assert.throws(
        () => trusting(ca),
        (error) => hasCode(error, 'INVALID') && error.field === 'conf.ca',
      );
    });
  }
});
