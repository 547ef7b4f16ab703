import assert from 'node:assert/strict';
import { mountsView } from './view.ts';

describe('storages of a task, as the API shows them', () => {
  const binds = [{ source: '/srv/secret/ada', target: '/storage/my-files', readOnly: true }];

  it('have the names that they had, and don’t tell where they lie', () => {
    const storage = { id: 'f', name: 'My files' };
    const shown = mountsView({ binds, mounted: { '/storage/my-files': storage } });
    assert.deepEqual(shown, [{ storage, target: '/storage/my-files', readOnly: true }]);
  });

  it('have none in a task of before names were kept', () => {
    assert.deepEqual(mountsView({ binds }), [{ target: '/storage/my-files', readOnly: true }]);
    assert.equal(mountsView({}), undefined);
  });
});
