import assert from 'node:assert/strict';
import { abortedSignal, testCall } from '../call.ts';
import { rejectsWith } from '../expect.ts';
import { never } from '../files/content.ts';
import type { Runner } from '../runner.ts';
import { type AccessMethodSubject, withHost } from './subject.ts';

export function describeOpening({ describe, it }: Runner, subject: AccessMethodSubject): void {
  const { method, target } = subject;
  describe('opening', () => {
    it('says what it is and what it needs', () => {
      assert(method.title.length > 0, 'a title for people');
      assert(method.auth.length > 0, 'at least one kind of credentials');
      assert(method.auth.includes(target.auth), 'the credentials under test are among those it accepts');
      assert.equal(method.conf['type'], 'object', 'settings are an object');
    });

    it('gives a host with a name', () => withHost(subject, async (host) => assert(host.name.length > 0)));

    it('refuses to begin for somebody who has left', () =>
      rejectsWith('UNREACHABLE', method.open(target, testCall({ signal: abortedSignal() }))));

    for (const { what, target: refused, code } of subject.refused ?? []) {
      it(`refuses ${what}`, () => rejectsWith(code, method.open(refused, testCall())));
    }

    it('keeps a host in use when another user of it has ended', async () => {
      await using first = await method.open(target, testCall());
      const second = await method.open(target, testCall());
      await second[Symbol.asyncDispose]();
      await second[Symbol.asyncDispose]();
      assert.equal((await first.exec(['printf', 'alive'], {}, never)).stdout, 'alive');
    });

    it('tells leases of one connection by it, if at all', async () => {
      await using first = await method.open(target, testCall());
      await using second = await method.open(target, testCall());
      assert.equal(first.connection, second.connection);
    });

    it('gives a host to who only tries their credentials', async () => {
      await using host = await method.open(target, testCall({ isTrial: true }));
      assert.equal((await host.exec(['printf', 'alive'], {}, never)).stdout, 'alive');
    });

    it('lives on when the call that opened it is over', async () => {
      const opening = new AbortController();
      await using host = await method.open(target, testCall({ signal: opening.signal }));
      opening.abort();
      assert.equal((await host.exec(['printf', 'alive'], {}, never)).stdout, 'alive');
    });
  });
}
