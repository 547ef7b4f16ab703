import assert from 'node:assert/strict';
import { hasCode } from '@stele/sdk';
import { Scope } from './scope.ts';

const limit = 30;
const unexpected = (error: unknown): void => assert.fail(String(error));

describe('Scope', () => {
  it('gives back last in first out, whatever a step throws or however long it takes', async () => {
    const scope = new Scope('x', limit, unexpected);
    const done: string[] = [];
    scope.own(() => void done.push('function'));
    scope.own({ [Symbol.dispose]: () => void done.push('disposable') });
    scope.own(() => Promise.reject(new Error('rejects')));
    scope.own(() => new Promise<void>(() => undefined));
    scope.own(() => {
      throw new Error('throws');
    });
    scope.own({ [Symbol.asyncDispose]: () => Promise.resolve(void done.push('async')) });
    const problems = await scope.close();
    assert.deepEqual(done, ['async', 'disposable', 'function']);
    assert.deepEqual(problems.map(String), [
      'Error: throws',
      'TimeLimitError: it took longer than 0.03 s',
      'Error: rejects',
    ]);
    assert.deepEqual(await scope.close(), [], 'once');
  });

  it('ends what is owned too late, and says so', async () => {
    const scope = new Scope('x', limit, unexpected);
    await scope.close();
    const { promise, resolve } = Promise.withResolvers<void>();
    assert.throws(
      () => scope.own(resolve),
      (error) => hasCode(error, 'CONFLICT'),
    );
    await promise;
  });

  it('reports what is owned too late and can not be ended', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const scope = new Scope('x', limit, resolve);
    await scope.close();
    assert.throws(() => scope.own(() => Promise.reject(new Error('no'))));
    assert.equal(String(await promise), 'Error: no');
  });

  it('refuses what can not be given back', () => {
    const scope = new Scope('x', limit, unexpected);
    for (const thing of [undefined, null, 1, {}]) {
      assert.throws(
        () => scope.own(thing as never),
        (error) => hasCode(error, 'INVALID'),
      );
    }
  });
});
