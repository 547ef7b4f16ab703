import assert from 'node:assert/strict';
import { testAuthCall } from '../call.ts';
import { rejectsWith } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { checkIdentity } from './identity.ts';
import type { AuthProviderSubject, RedirectSubject } from './subject.ts';

export function describeRedirect(
  { describe, it }: Runner,
  { open }: AuthProviderSubject,
  redirect: RedirectSubject,
): void {
  const begin = async () => {
    const provider = await open();
    const start = await provider.begin(testAuthCall());
    assert(start.kind === 'redirect', 'a redirect must begin as one');
    return { provider, ...start };
  };
  describe('log-in by redirect', () => {
    it('lets in who comes back from the provider', async () => {
      const { provider, url, state } = await begin();
      checkIdentity(await provider.complete(await redirect.follow(url), state, testAuthCall()), redirect.subject);
    });

    it('refuses who comes back to another’s log-in', async () => {
      const mine = await begin();
      const theirs = await begin();
      const answer = await redirect.follow(theirs.url);
      await rejectsWith('DENIED', mine.provider.complete(answer, mine.state, testAuthCall()));
    });

    it('refuses an answer that was used, changed or made up', async () => {
      const { provider, url, state } = await begin();
      const answer = await redirect.follow(url);
      await provider.complete(answer, state, testAuthCall());
      await rejectsWith('DENIED', provider.complete(answer, state, testAuthCall()));
      const made = Object.fromEntries(Object.keys(answer).map((name) => [name, 'made-up']));
      for (const input of [made, {}, { error: 'access_denied' }]) {
        const again = await begin();
        await rejectsWith('DENIED', provider.complete(input, again.state, testAuthCall()));
      }
    });

    it('begins each log-in anew', async () => {
      assert.notEqual((await begin()).url, (await begin()).url);
    });
  });
}
