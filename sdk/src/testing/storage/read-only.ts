import assert from 'node:assert/strict';
import { rejectsWith } from '../expect.ts';
import { chunks, namesIn, never, put, textAt } from '../files/content.ts';
import type { Runner } from '../runner.ts';
import { type StorageBackendSubject, withStorage } from './subject.ts';

export function describeReadOnly({ describe, it }: Runner, subject: StorageBackendSubject): void {
  describe('read-only', () => {
    it('can be read and not changed', async () => {
      await withStorage(subject, async (opened) => {
        await opened.makeFolder('folder', never);
        await put(opened, 'folder/file', 'text');
      });
      await withStorage(
        subject,
        async (opened) => {
          assert.equal(await textAt(opened, 'folder/file'), 'text');
          assert.equal((await opened.stat('folder', never)).kind, 'folder');
          await rejectsWith('DENIED', opened.write('new', chunks('x'), {}, never));
          await rejectsWith('DENIED', opened.write('folder/file', chunks('x'), { overwrite: true }, never));
          await rejectsWith('DENIED', opened.write('folder/file', chunks('x'), { offset: 0 }, never));
          await rejectsWith('DENIED', opened.makeFolder('new', never));
          await rejectsWith('DENIED', opened.move('folder', 'new', never));
          await rejectsWith('DENIED', opened.copy('folder', 'new', never));
          await rejectsWith('DENIED', opened.remove('folder', never));
        },
        { readOnly: true },
      );
      await withStorage(subject, async (opened) => {
        assert.deepEqual(await namesIn(opened, ''), ['folder']);
        assert.equal(await textAt(opened, 'folder/file'), 'text');
        await opened.remove('folder', never);
      });
    });
  });
}
