import assert from 'node:assert/strict';
import type { ExternalIdentity } from '../../auth.ts';
import type { JsonObject } from '../../json.ts';
import { abortedSignal, testAuthCall } from '../call.ts';
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
    // As it comes back from a database.
    return { provider, ...start, state: JSON.parse(JSON.stringify(start.state)) as JsonObject };
  };
  const enter = async (): Promise<{ identity: ExternalIdentity } & Awaited<ReturnType<typeof begin>>> => {
    const begun = await begin();
    const answer = await redirect.follow(begun.url);
    return { ...begun, identity: await begun.provider.complete(answer, begun.state, testAuthCall()) };
  };
  describe('log-in by redirect', () => {
    it('lets in who comes back from the provider, each time as the same', async () => {
      const [first, second] = [await enter(), await enter()];
      for (const { identity } of [first, second]) checkIdentity(identity, redirect.subject);
      assert.equal(second.identity.issuer, first.identity.issuer);
    });

    it('recognises the answer by a reference that nobody guesses', async () => {
      const one = await begin();
      const answer = await redirect.follow(one.url);
      assert(Object.values(answer).includes(one.reference), 'the answer carries the reference');
      assert(one.reference.length >= 22, 'it has 128 bits at least');
      assert.notEqual(one.reference, (await begin()).reference);
    });

    it('refuses who comes back to another’s log-in', async () => {
      const mine = await begin();
      const theirs = await begin();
      const answer = await redirect.follow(theirs.url);
      await rejectsWith('DENIED', mine.provider.complete(answer, mine.state, testAuthCall()));
    });

    it('refuses another’s answer under one’s own reference', async () => {
      const mine = await begin();
      const theirs = await begin();
      const [own, other] = [await redirect.follow(mine.url), await redirect.follow(theirs.url)];
      const mixed = Object.fromEntries(
        Object.entries(other).map(([name, value]) => [name, value === theirs.reference ? mine.reference : value]),
      );
      assert.notDeepEqual(mixed, own);
      await rejectsWith('DENIED', mine.provider.complete(mixed, mine.state, testAuthCall()));
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

    it('refuses an answer that says something twice', async () => {
      const { provider, url, state } = await begin();
      const answer = await redirect.follow(url);
      const twice = Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, [value, 'x']]));
      await rejectsWith('DENIED', provider.complete(twice, state, testAuthCall()));
    });

    it('says nothing of an answer that it refuses', async () => {
      const { provider, state, reference } = await begin();
      const input = { error: 'access_denied', error_description: 'canary-description', code: 'canary-code' };
      for (const answer of [input, { ...input, state: reference }] as readonly JsonObject[]) {
        const error = await rejectsWith('DENIED', provider.complete(answer, state, testAuthCall()));
        const said = [error.message, error.raw, error.field, everythingIn(error.cause)].join(' ');
        assert(!said.includes('canary') && !said.includes(reference), `it says: ${said}`);
      }
    });

    it('lets nobody in who has left', async () => {
      const { provider, url, state } = await begin();
      const answer = await redirect.follow(url);
      const call = testAuthCall({ signal: abortedSignal() });
      await rejectsWith('UNREACHABLE', provider.complete(answer, state, call));
    });

    it('logs out there with what it wanted to keep, if it wanted any', async () => {
      const { provider, identity } = await enter();
      if (identity.kept === undefined) return;
      assert(provider.logout, 'what is kept is for the log-out');
      const kept = JSON.parse(JSON.stringify(identity.kept)) as JsonObject;
      const url = await provider.logout(kept, testAuthCall());
      if (url !== undefined) assert(URL.canParse(url), 'the log-out leads somewhere');
    });

    it('begins each log-in anew', async () => {
      assert.notEqual((await begin()).url, (await begin()).url);
    });
  });
}

/** All that a log would print of an error's cause. */
function everythingIn(cause: unknown): string {
  if (!(cause instanceof Error)) return JSON.stringify(cause) ?? '';
  return [cause.message, cause.stack, JSON.stringify(cause), everythingIn(cause.cause)].join(' ');
}
