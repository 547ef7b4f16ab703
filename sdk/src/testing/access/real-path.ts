import assert from 'node:assert/strict';
import { never } from '../files/content.ts';
import type { Runner } from '../runner.ts';
import { type AccessMethodSubject, withHost } from './subject.ts';

export function describeRealPath({ describe, it }: Runner, subject: AccessMethodSubject): void {
  describe('realPath', () => {
    it('follows links, and finds nothing where nothing is', () =>
      withHost(subject, async (host) => {
        const folder = await host.realPath(subject.folder, never);
        const make = 'mkdir -p "$0/real/in ner" && ln -sfn real/in\\ ner "$0/link" && ln -sfn nowhere "$0/dead"';
        await host.exec(['sh', '-c', make, subject.folder], {}, never);
        assert.equal(await host.realPath(`${subject.folder}/link`, never), `${folder}/real/in ner`);
        assert.equal(await host.realPath(`${subject.folder}/real`, never), `${folder}/real`);
        for (const name of ['missing', 'missing/x', 'dead']) {
          assert.equal(await host.realPath(`${subject.folder}/${name}`, never), undefined, name);
        }
      }));

    it('knows the account’s home', () =>
      withHost(subject, async (host) => {
        const { stdout } = await host.exec(['sh', '-c', 'cd && pwd -P'], {}, never);
        assert.equal(await host.realPath('~', never), stdout.trim());
        assert.equal(await host.realPath('~/no-such-thing', never), undefined);
      }));
  });
}
