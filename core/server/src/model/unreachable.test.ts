import assert from 'node:assert/strict';
import { hasCode, SteleError } from '@stele/sdk';
import { translate } from './unreachable.ts';

const coded = (code: string, message = 'words'): Error => Object.assign(new Error(message), { code });

describe('model: errors of the database', () => {
  const table: readonly [string, Error, string | undefined][] = [
    ['a refused connection', coded('ECONNREFUSED'), 'UNREACHABLE'],
    ['a socket that is gone', coded('ENOENT'), 'UNREACHABLE'],
    ['a name that can’t be resolved', coded('EAI_AGAIN'), 'UNREACHABLE'],
    ['all addresses of a name', new AggregateError([coded('X'), coded('ETIMEDOUT')]), 'UNREACHABLE'],
    ['a shutdown', coded('57P01'), 'UNREACHABLE'],
    ['a server that starts', coded('57P03'), 'UNREACHABLE'],
    ['too many connections', coded('53300'), 'UNREACHABLE'],
    ['a broken connection', coded('08006'), 'UNREACHABLE'],
    ['a lost connection', new Error('Connection terminated unexpectedly'), 'UNREACHABLE'],
    ['a full pool', new Error('timeout exceeded when trying to connect'), 'UNREACHABLE'],
    ['a query without an answer', new Error('Query read timeout'), 'UNREACHABLE'],
    ['a text that is too long', coded('22001'), 'INVALID'],
    ['a unique violation', coded('23505'), undefined],
    ['a deadlock', coded('40P01'), undefined],
    ['a wrong password', coded('28P01'), undefined],
    ['any other', new TypeError('x is not a function'), undefined],
  ];
  for (const [what, error, code] of table) {
    it(`takes ${what} for ${code ?? 'what it is'}`, () => {
      const translated = translate(error);
      if (code === undefined) assert.equal(translated, error);
      else assert.ok(hasCode(translated, code as 'INVALID') && translated.cause === error);
    });
  }

  it('leaves a coded error as it is', () => {
    const error = new SteleError('CONFLICT', 'Connection terminated');
    assert.equal(translate(error), error);
  });
});
