import assert from 'node:assert/strict';
import { matches } from '../../grammar.ts';
import { abortedSignal, testCall } from '../call.ts';
import { rejectsWith } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { otherUser, type StorageBackendSubject } from './subject.ts';

export function describeBind({ describe, it }: Runner, { backend, storage, ...subject }: StorageBackendSubject): void {
  describe('bind', () => {
    if (!subject.canBind) {
      it('says that it can’t be mounted', async () => {
        assert.equal(await backend.bind(storage, testCall()), undefined);
      });
      return;
    }

    it('gives absolute paths, the same each time', async () => {
      const bind = await backend.bind(storage, testCall());
      assert(bind !== undefined, 'this kind can be mounted');
      assert(matches('absolutePath', bind.source), `source ${bind.source}`);
      assert(matches('absolutePath', bind.target), `target ${bind.target}`);
      assert.notEqual(bind.target, '/');
      assert.deepEqual(await backend.bind(storage, testCall()), bind);
    });

    it('is read-only exactly where the storage is', async () => {
      for (const readOnly of [false, true]) {
        assert.equal((await backend.bind({ ...storage, readOnly }, testCall()))?.readOnly, readOnly);
      }
    });

    it(subject.isPersonal ? 'gives each user a folder of their own' : 'gives all users the same folder', async () => {
      const mine = await backend.bind(storage, testCall());
      const theirs = await backend.bind(storage, testCall({ who: otherUser }));
      assert.equal(mine?.source !== theirs?.source, subject.isPersonal);
    });

    it('does nothing for somebody who has left', () =>
      rejectsWith('UNREACHABLE', backend.bind(storage, testCall({ signal: abortedSignal() }))));
  });
}
