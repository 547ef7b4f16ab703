import assert from 'node:assert/strict';
import type { FilePage, FileTree } from '@stele/sdk';
import { rejectsWith } from '@stele/sdk/testing';
import { entriesIn, survey } from './survey.ts';
import { replaced, treeWith } from './testing/index.ts';

const never = new AbortController().signal;

/** A store that has another page for whoever asks. */
async function endless(kind: 'file' | 'folder' | 'other'): Promise<FileTree> {
  const tree = await treeWith({ 'data/a': '' });
  let page = 0;
  const list = async (path: string): Promise<FilePage> => {
    if (path !== 'data') return { items: [] };
    page += 1;
    return { items: [{ name: `n${page}`, path: `data/n${page}`, kind, size: 0 }], next: String(page) };
  };
  return replaced(tree, { list });
}

describe('a survey', () => {
  for (const kind of ['file', 'folder', 'other'] as const) {
    it(`ends in a store of endless entries, each a ${kind}`, async () =>
      rejectsWith('LIMIT', survey(await endless(kind), 'data', never, 100)));
  }

  it('counts all that it has found, up to what there is room for', async () => {
    const tree = await treeWith({ 'data/a': '1', 'data/b/c': '2' });
    const found = await survey(tree, 'data', never, 3);
    assert.equal(entriesIn(found), 3);
    await rejectsWith('LIMIT', survey(tree, 'data', never, 2));
  });
});
