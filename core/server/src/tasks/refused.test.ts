import assert from 'node:assert/strict';
import { hasCode, SteleError } from '@stele/sdk';
import type { Owner } from '../model/index.ts';
import { refused } from './refused.ts';

describe('what is said of an image that its registry refuses', () => {
  const error = new SteleError('DENIED', 'The registry refuses it.', { field: 'image', raw: 'unauthorized' });
  const rows: readonly (readonly [Owner | undefined, RegExp])[] = [
    [undefined, /r\.example:5000 was asked without credentials.*account page/],
    [{ kind: 'user', id: 'u' }, /r\.example:5000 was asked with the credentials that you entered on the account page/],
    [{ kind: 'platform' }, /r\.example:5000 was asked with the platform’s.*administrator/],
    [{ kind: 'group', id: 'g' }, /r\.example:5000 .*group.*managers/],
  ];
  for (const [owner, words] of rows) {
    it(`with credentials of ${owner?.kind ?? 'nobody'}`, () => {
      const said = refused(error, 'r.example:5000', owner);
      assert(hasCode(said, 'DENIED'));
      assert.match(said.message, /^The registry refuses it\. /);
      assert.match(said.message, words);
      assert.deepEqual([said.field, said.raw], ['image', 'unauthorized']);
    });
  }

  for (const other of [new SteleError('DENIED', 'No key.'), new SteleError('NOT_FOUND', 'x', { field: 'image' }), 1]) {
    it(`nothing of ${other instanceof SteleError ? `${other.code} ${other.field ?? ''}` : 'what is no error'}`, () => {
      assert.equal(refused(other, 'r', undefined), other);
    });
  }
});
