import assert from 'node:assert/strict';
import { SteleError } from '@stele/sdk';
import { exitCode, exitCodeOf } from './exit-code.ts';

describe('exitCodeOf', () => {
  it('tells a configuration that has to be changed from what may work the next time', () => {
    assert.equal(exitCodeOf(new SteleError('INVALID', 'x')), exitCode.configuration);
    assert.equal(exitCodeOf(new SteleError('CONFLICT', 'x')), exitCode.failed);
    assert.equal(exitCodeOf(new SteleError('UNREACHABLE', 'x')), exitCode.failed);
    assert.equal(exitCodeOf(new Error('x')), exitCode.failed);
  });
});
