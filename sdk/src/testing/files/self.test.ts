import assert from 'node:assert/strict';
import { collect, failures } from '../collect.ts';
import type { TreeFault } from '../reference/memory-tree.ts';
import { memoryTrees } from '../reference/memory-world.ts';
import type { Runner } from '../runner.ts';
import { describeFileTree } from './index.ts';

/** What a tree may get wrong, and the test that must find it. */
const caught: Record<TreeFault, RegExp> = {
  'follows links out': /links that lead out/,
  'cleans paths': /refuses a way up/,
  'ignores aborts': /given up before/,
  'writes in place': /shows the old file until the new one is whole/,
  'hides a full disk': /says LIMIT when it is used up/,
  'leaves drafts': /when the source breaks/,
  'keeps what did not fit': /takes back what it added/,
  'loses one at page borders': /each entry once/,
  'counts pages by offset': /when others (?:go|come) between the pages/,
  'sorts by code': /as people count/,
  'shows hidden names': /hidden names only when asked/,
  'replaces when moving': /moving › replaces nothing/,
  'replaces when copying': /copying › replaces nothing/,
  'shares copies': /copies files and folders/,
  'removes what links lead to': /are not followed when a folder is removed|not what they lead to/,
  'leaves holes': /leaves no hole/,
  'takes the end of a range for exclusive': /both ends included/,
  'throws uncoded errors': /NOT_FOUND/,
  'blames no field': /refuses \.\. in every call/,
  'overwrites always': /only when told to/,
  'never closes streams': /left in the middle/,
  'gives memory back too early': /no memory that was given back/,
};

describe('kit of file trees', function () {
  this.timeout(60_000);

  it('finds nothing wrong with a tree that keeps the contract', async () => {
    const results = await collect((runner) => describeFileTree(runner, memoryTrees()));
    assert(results.length > 50, `${results.length} tests`);
    assert.deepEqual(failures(results), []);
  });

  for (const [fault, test] of Object.entries(caught)) {
    it(`catches a tree that ${fault}`, async () => {
      const kit = (runner: Runner) => describeFileTree(runner, memoryTrees(fault as TreeFault));
      assert.notDeepEqual(failures(await collect(kit, { only: test })), []);
    });
  }

  it('catches a tree that writes within files and says that it can’t', async () => {
    const kit = (runner: Runner) => describeFileTree(runner, { ...memoryTrees(), writesWithin: false });
    assert.notDeepEqual(failures(await collect(kit, { only: /whole files only/ })), []);
  });
});
