import assert from 'node:assert/strict';
import { abortedSignal } from '../call.ts';
import { rejectsWith, settlesWithin } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { everyCall, namesIn, never, put, textAt } from './content.ts';
import { type FileTreeSubject, withTree } from './subject.ts';

const badPaths: readonly (readonly [what: string, path: string])[] = [
  ['..', '..'],
  ['a way up', '../outside'],
  ['a way up in the middle', 'folder/../../outside'],
  ['a way up at the end', 'folder/..'],
  ['a way up that comes back', 'folder/../file'],
  ['.', '.'],
  ['a dot in the middle', 'folder/./file'],
  ['an absolute path', '/etc/passwd'],
  ['a slash', '/'],
  ['a doubled slash', 'folder//file'],
  ['a closing slash', 'folder/'],
  ['NUL', 'file\0.txt'],
  ['half a character', 'file\ud800'],
  ['a name of 256 bytes', 'x'.repeat(256)],
];

const oddNames: readonly string[] = [
  ' leading and closing blank ',
  '-rf',
  '--',
  '...',
  '~',
  '$HOME',
  '$(touch kit)',
  '`touch kit`',
  'a\nb',
  'a\tb\rc',
  '\u0001\u007f',
  `quote ' and " and \\`,
  '*?[a-z]{b,c}',
  'a;b&c|d>e',
  '%2e%2e%2f',
  'Straße 東京 🚀',
  'e\u0301 is not \u00e9',
  '<img src=x onerror=alert(1)>',
  '.hidden',
  'x'.repeat(255),
];

export function describePaths(runner: Runner, { open, cannotName = () => false }: FileTreeSubject): void {
  const { describe, it } = runner;
  const names = oddNames.filter((name) => !cannotName(name));
  describe('paths', () => {
    for (const [what, path] of badPaths) {
      it(`refuses ${what} in every call`, () =>
        withTree(open, async (tree) => {
          await tree.makeFolder('folder', never);
          await put(tree, 'kit-source', 'source');
          for (const [name, call, field] of everyCall(tree, path)) {
            const error = await rejectsWith('INVALID', call());
            assert.equal(error.field, field, `${name} must name the wrong field`);
          }
          assert.deepEqual((await namesIn(tree, '')).sort(), ['folder', 'kit-source'], 'nothing may have changed');
        }));
    }

    it('takes names for names, whatever is in them', () =>
      withTree(open, async (tree) => {
        for (const name of names) await put(tree, name, `in ${name}`);
        for (const name of names) {
          assert.equal(await textAt(tree, name), `in ${name}`);
          assert.equal((await tree.stat(name, never)).name, name);
        }
        assert.deepEqual((await namesIn(tree, '')).sort(), [...names].sort());
      }));

    it('says NOT_FOUND for what is not there', () =>
      withTree(open, async (tree) => {
        for (const path of ['nothing', 'no/thing']) {
          await rejectsWith('NOT_FOUND', tree.stat(path, never));
          await rejectsWith('NOT_FOUND', tree.list(path, {}, never));
          await rejectsWith('NOT_FOUND', tree.read(path, undefined, never));
          await rejectsWith('NOT_FOUND', tree.remove(path, never));
          await rejectsWith('NOT_FOUND', tree.move(path, 'target', never));
          await rejectsWith('NOT_FOUND', tree.copy(path, 'target', never));
        }
        await rejectsWith('NOT_FOUND', tree.makeFolder('no/thing', never));
        await rejectsWith('NOT_FOUND', put(tree, 'no/thing', 'x'));
        assert.deepEqual(await namesIn(tree, ''), []);
      }));

    it('refuses to change the root itself', () =>
      withTree(open, async (tree) => {
        await put(tree, 'file', 'x');
        await rejectsWith(['INVALID', 'CONFLICT', 'DENIED'], tree.remove('', never));
        await rejectsWith(['INVALID', 'CONFLICT', 'DENIED'], tree.move('', 'other', never));
        await rejectsWith(['INVALID', 'CONFLICT', 'DENIED'], tree.write('', (async function* () {})(), {}, never));
        await rejectsWith(['INVALID', 'CONFLICT', 'DENIED'], tree.makeFolder('', never));
        assert.deepEqual(await namesIn(tree, ''), ['file']);
      }));

    it('does nothing in a call that was given up before', () =>
      withTree(open, async (tree) => {
        await put(tree, 'kit-source', 'source');
        for (const [name, call] of everyCall(tree, 'kit-source', abortedSignal())) {
          await settlesWithin(2_000, name, rejectsWith('UNREACHABLE', call()));
        }
        await rejectsWith('UNREACHABLE', tree.usage(abortedSignal()));
        assert.equal(await textAt(tree, 'kit-source'), 'source');
        assert.deepEqual(await namesIn(tree, ''), ['kit-source']);
      }));
  });
}
