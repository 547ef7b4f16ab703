import assert from 'node:assert/strict';
import { type ErrorCode, SteleError } from '@stele/sdk';
import { untold } from './untold.ts';

const error = (code: ErrorCode, message: string): SteleError =>
  new SteleError(code, message, { field: 'image', raw: `${message} 10.0.0.1:22 SSH-2.0-OpenSSH` });

describe('an image whose registry a user named', () => {
  it('fails in the same words, whether nothing answers there or something else does', () => {
    const failures = [
      error('UNREACHABLE', 'The image’s registry doesn’t answer.'),
      error('PROTOCOL', 'Podman could not fetch the image: malformed HTTP response "SSH-2.0-OpenSSH".'),
    ];
    const told = failures.map((one) => untold(one, 'r.example:22') as SteleError);
    for (const { code, field, raw, message } of told) {
      assert.deepEqual([code, field, raw], ['UNREACHABLE', 'image', undefined]);
      assert.match(message, /r\.example:22 doesn’t answer as a registry does/);
    }
    assert.equal(told[0]?.message, told[1]?.message);
  });

  it('is said not to be there, or to be refused, without what was read there', () => {
    for (const code of ['NOT_FOUND', 'DENIED', 'INVALID'] as const) {
      const told = untold(error(code, 'No.'), 'r.example') as SteleError;
      assert.deepEqual([told.code, told.message, told.field, told.raw], [code, 'No.', 'image', undefined]);
    }
  });

  for (const other of [new SteleError('UNREACHABLE', 'The host is away.'), new TypeError('x'), undefined]) {
    it(`keeps what is not about it: ${String(other)}`, () => assert.equal(untold(other, 'r.example'), other));
  }
});
