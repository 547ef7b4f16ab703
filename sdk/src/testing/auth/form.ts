import assert from 'node:assert/strict';
import type { AuthProvider } from '../../auth.ts';
import type { JsonObject } from '../../json.ts';
import { abortedSignal, testAuthCall } from '../call.ts';
import { rejectsWith } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { checkIdentity } from './identity.ts';
import type { AuthProviderSubject, FormSubject } from './subject.ts';

const rounds = 7;

export function describeForm({ describe, it }: Runner, { open }: AuthProviderSubject, form: FormSubject): void {
  const complete = async (input: JsonObject) => (await open()).complete(input, {}, testAuthCall());
  describe('log-in by form', () => {
    it('lets in who gives the right secret, each time', async () => {
      for (let round = 0; round < 2; round += 1) checkIdentity(await complete(form.right), form.subject);
    });

    it('tells a wrong secret and an unknown account in the same words', async () => {
      const wrong = await rejectsWith('DENIED', complete(form.wrong));
      const unknown = await rejectsWith('DENIED', complete(form.unknown));
      assert.equal(unknown.message, wrong.message);
      assert.equal(unknown.field, wrong.field);
      assert.equal(unknown.raw, wrong.raw);
    });

    it('takes as long for an unknown account as for a wrong secret', async () => {
      const provider = await open();
      const [wrong = 0, unknown = 0] = await fastestTimes(provider, [form.wrong, form.unknown]);
      // Generous, for busy machines: what is looked for is a hash that isn't computed, a factor of a hundred.
      assert(unknown > wrong / 3 && unknown < wrong * 3, `${unknown.toFixed(1)} ms against ${wrong.toFixed(1)} ms`);
    });

    it('refuses a form that is not filled in, whatever is missing', async () => {
      for (const name of Object.keys(form.right)) {
        const { [name]: _, ...rest } = form.right;
        for (const value of [undefined, '', 7, null, {}, ['x']]) {
          await rejectsWith(
            ['DENIED', 'INVALID'],
            complete({ ...rest, ...(value === undefined ? {} : { [name]: value }) }),
          );
        }
      }
    });

    it('bears very long values and such with NUL', async () => {
      for (const name of Object.keys(form.right)) {
        for (const value of ['x'.repeat(1_000_000), 'a\0b', '\ud800']) {
          await rejectsWith(['DENIED', 'INVALID'], complete({ ...form.right, [name]: value }));
        }
      }
    });

    it('knows whom a form is about, whoever fills it in', async () => {
      const provider = await open();
      assert(provider.accountOf, 'attempts are counted by account');
      const [right, wrong, unknown] = [form.right, form.wrong, form.unknown].map((one) => provider.accountOf?.(one));
      assert.equal(right, wrong);
      assert.notEqual(right, unknown);
      for (const name of Object.keys(form.right)) provider.accountOf({ ...form.right, [name]: [null] });
    });

    it('lets nobody in who has left', async () => {
      const call = testAuthCall({ signal: abortedSignal() });
      await rejectsWith('UNREACHABLE', (await open()).complete(form.right, {}, call));
    });
  });
}

async function fastestTimes(provider: AuthProvider, inputs: readonly JsonObject[]): Promise<readonly number[]> {
  const fastest = inputs.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, input] of inputs.entries()) {
      const start = performance.now();
      await rejectsWith('DENIED', provider.complete(input, {}, testAuthCall()));
      fastest[at] = Math.min(fastest[at] ?? 0, performance.now() - start);
    }
  }
  return fastest;
}
