import assert from 'node:assert/strict';
import { extensionPoint, hasCode } from '@stele/sdk';
import { Registries } from './registries.ts';
import { silent } from './testing.ts';

const point = extensionPoint<number>('test.numbers');

describe('Registries', () => {
  it('lists in the order of adding, and forgets what is taken away', () => {
    const registries = new Registries(silent);
    const view = registries.view(point);
    const undo = registries.add(point, 'p', 'one', 1);
    registries.add(point, 'q', 'two', 2);
    assert.deepEqual(view.list(), [
      { id: 'one', item: 1, plugin: 'p' },
      { id: 'two', item: 2, plugin: 'q' },
    ]);
    undo();
    assert.equal(view.get('one'), undefined);
    assert.equal(view.get('two'), 2);
  });

  it('refuses an id that is taken, and names its holder', () => {
    const registries = new Registries(silent);
    registries.add(point, 'p', 'one', 1);
    assert.throws(
      () => registries.add(point, 'q', 'one', 2),
      (error) => hasCode(error, 'CONFLICT') && /Plugin p/.test(error.message),
    );
  });

  it('tells every listener, although one throws, until it is disposed', () => {
    const registries = new Registries(silent);
    const view = registries.view(point);
    const heard: string[] = [];
    view.onChange(() => {
      throw new Error('deaf');
    });
    const listening = view.onChange(({ id, kind }) => heard.push(`${kind} ${id}`));
    registries.add(point, 'p', 'one', 1)();
    listening[Symbol.dispose]();
    registries.add(point, 'p', 'two', 2);
    assert.deepEqual(heard, ['added one', 'removed one']);
  });
});
