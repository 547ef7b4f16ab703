import assert from 'node:assert/strict';
import { token } from '@stele/sdk';
import { checkDefinition } from './definition.ts';

const activate = (): void => undefined;

describe('checkDefinition', () => {
  it('takes what definePlugin makes, and keeps `this`', async () => {
    const plugin = {
      told: 0,
      activate() {
        this.told += 1;
      },
    };
    await checkDefinition(plugin).activate(undefined as never);
    assert.equal(plugin.told, 1);
    assert.deepEqual(Object.keys(checkDefinition({ activate, requires: { a: token('a') } }).requires), ['a']);
  });

  const wrong: [string, unknown][] = [
    ['nothing', undefined],
    ['a class', class {}],
    ['no activate', {}],
    ['names instead of tokens', { activate, requires: { a: 'core.hosts' } }],
    ['a list of what is optional', { activate, optional: [token('a'), 'b'] }],
    ['a map of what is provided', { activate, provides: { a: token('a') } }],
    ['one name for two', { activate, requires: { a: token('a') }, optional: { a: token('b') } }],
  ];
  for (const [name, value] of wrong) {
    it(`refuses ${name}`, () => assert.throws(() => checkDefinition(value), { code: 'LOAD_FAILED' }));
  }
});
