import assert from 'node:assert/strict';
import { testAuthCall } from '../call.ts';
import type { Runner } from '../runner.ts';
import { timeFactor } from '../time.ts';
import type { AuthProviderSubject } from './subject.ts';

/** What holds for providers of each kind. */
export function describeWhatever({ describe, it }: Runner, subject: AuthProviderSubject): void {
  describe('description', () => {
    it('says what it is and begins accordingly', async () => {
      const provider = await subject.open();
      assert(provider.title.length > 0, 'a title for people');
      assert.equal(typeof provider.bringsUsers, 'boolean');
      const begin = await provider.begin(testAuthCall());
      assert.equal(begin.kind, provider.kind);
      if (provider.kind === 'form') assert.equal(provider.fields?.['type'], 'object', 'a form has fields');
      if (begin.kind === 'redirect') assert(URL.canParse(begin.url), 'a redirect goes somewhere');
    });

    it('is in no trouble, and says so at once', async () => {
      const provider = await subject.open();
      const start = performance.now();
      assert.equal(await provider.trouble?.(testAuthCall()), undefined);
      assert(performance.now() - start < 1_500 * timeFactor, 'the page waits for it');
    });

    it('was given what its kind needs to be tested', async () => {
      const provider = await subject.open();
      assert.equal(subject.form !== undefined, provider.kind === 'form');
      assert.equal(subject.redirect !== undefined, provider.kind === 'redirect');
      assert.equal(subject.credentials !== undefined, provider.credentials !== undefined);
    });
  });
}
