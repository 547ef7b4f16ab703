import assert from 'node:assert/strict';
import { rejectsWith } from '../expect.ts';
import { never } from '../files/content.ts';
import type { Runner } from '../runner.ts';
import { type AccessMethodSubject, withHost } from './subject.ts';

export function describeEnsureFolder({ describe, it }: Runner, subject: AccessMethodSubject): void {
  describe('ensureFolder', () => {
    it('makes a folder with its parents, and is content when it is there', () =>
      withHost(subject, async (host) => {
        const path = `${subject.folder}/made/a b/c`;
        await host.ensureFolder(path, 0o700, never);
        await host.ensureFolder(path, 0o700, never);
        const entry = await host.files(path).stat('', never);
        assert.equal(entry.kind, 'folder');
        assert.equal(entry.mode, 0o700);
      }));

    it('says CONFLICT where something else is', () =>
      withHost(subject, async (host) => {
        const path = `${subject.folder}/file`;
        await host.exec(['sh', '-c', ': > "$0"', path], {}, never);
        await rejectsWith('CONFLICT', host.ensureFolder(path, 0o700, never));
        await rejectsWith('CONFLICT', host.ensureFolder(`${path}/inner`, 0o700, never));
      }));

    it('refuses what is no absolute path', () =>
      withHost(subject, async (host) => {
        for (const path of ['', 'relative', '/a/../b', '/a\0b']) {
          await rejectsWith('INVALID', host.ensureFolder(path, 0o700, never), 'path');
        }
      }));
  });
}
