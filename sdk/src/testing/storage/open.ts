import assert from 'node:assert/strict';
import { isAccepted } from '../../storage.ts';
import { abortedSignal, testCall } from '../call.ts';
import { rejectsWith } from '../expect.ts';
import { namesIn, never, put, textAt } from '../files/content.ts';
import type { Runner } from '../runner.ts';
import { otherUser, type StorageBackendSubject, withStorage } from './subject.ts';

export function describeOpen({ describe, it }: Runner, subject: StorageBackendSubject): void {
  const { backend, storage, broken } = subject;
  describe('opening', () => {
    it('says what it is and what it works with', () => {
      assert(backend.title.length > 0, 'a title for people');
      assert.equal(backend.conf['type'], 'object', 'settings are an object');
      assert(isAccepted(backend.accepts, storage.access, storage.auth), 'it accepts the storage under test');
      const takesTokens = backend.accepts.some(({ auth }) => auth.some((mode) => mode.endsWith('-token')));
      assert.equal(backend.credentials?.['type'], takesTokens ? 'object' : undefined, 'tokens are described');
    });

    it('finds again what was written', async () => {
      await withStorage(subject, async (opened) => void (await put(opened, 'kept', 'text')));
      await withStorage(subject, async (opened) => assert.equal(await textAt(opened, 'kept'), 'text'));
      await withStorage(subject, (opened) => opened.remove('kept', never));
    });

    it('can be opened twice at a time and closed twice', async () => {
      const first = await backend.open(storage, testCall());
      await withStorage(subject, async (second) => {
        await put(second, 'shared', 'text');
        assert.equal(await textAt(first, 'shared'), 'text');
        await first[Symbol.asyncDispose]();
        await first[Symbol.asyncDispose]();
        assert.equal(await textAt(second, 'shared'), 'text');
        await second.remove('shared', never);
      });
    });

    it(subject.isPersonal ? 'keeps the users apart' : 'shows all users the same', async () => {
      await withStorage(subject, async (mine) => {
        await put(mine, 'whose', 'mine');
        const names: string[] = [];
        await withStorage(subject, async (theirs) => void names.push(...(await namesIn(theirs, ''))), {}, otherUser);
        await mine.remove('whose', never);
        assert.equal(names.includes('whose'), !subject.isPersonal);
        // Where it doesn’t say, all are taken to share it.
        assert.equal(backend.isShared?.(storage) ?? true, !subject.isPersonal || !backend.isShared);
      });
    });

    it('refuses to begin for somebody who has left', () =>
      rejectsWith('UNREACHABLE', backend.open(storage, testCall({ signal: abortedSignal() }))));

    if (broken === undefined) return;
    it('says so when there is nothing, at the latest at the first call', async () => {
      const use = async () => {
        await using opened = await backend.open(broken, testCall());
        await opened.list('', {}, never);
      };
      await rejectsWith(['UNREACHABLE', 'NOT_FOUND', 'DENIED', 'CONFLICT'], use());
    });
  });
}
