import assert from 'node:assert/strict';
import type { AuthCredentials } from '../../auth.ts';
import { testAuthCall, testCall } from '../call.ts';
import { rejectsWith } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { checkIdentity } from './identity.ts';
import type { AuthProviderSubject, CredentialsSubject } from './subject.ts';

/** Address of an account of the platform's, with signs that addresses have. */
const madeHere = "ada.o'brien+stele@dept-7.example.org";

export function describeCredentials(
  { describe, it }: Runner,
  { open }: AuthProviderSubject,
  { subject, values, refused, login }: CredentialsSubject,
): void {
  const credentials = async (): Promise<AuthCredentials> => {
    const found = (await open()).credentials;
    assert(found !== undefined, 'the provider keeps credentials');
    return found;
  };
  describe('credentials', () => {
    it('are set, replaced and forgotten', async () => {
      const kept = await credentials();
      assert.equal(kept.fields['type'], 'object');
      assert.equal(await kept.has(subject, testCall()), false);
      for (const chosen of values) {
        await kept.set(subject, chosen, testCall());
        assert.equal(await kept.has(subject, testCall()), true);
      }
      await kept.remove(subject, testCall());
      await kept.remove(subject, testCall());
      assert.equal(await kept.has(subject, testCall()), false);
    });

    for (const { what, values: bad, field } of refused) {
      it(`refuse ${what}, and keep what was set`, async () => {
        const kept = await credentials();
        await rejectsWith('INVALID', kept.set(subject, bad, testCall()), field);
        assert.equal(await kept.has(subject, testCall()), false);
      });
    }

    it('are proved by the newest, and by nothing else', async () => {
      const kept = await credentials();
      assert.equal(await kept.proves(subject, values[0], testCall()), false, 'nothing was set');
      for (const [own, other] of [values, [values[1], values[0]]] as const) {
        await kept.set(subject, own, testCall());
        assert.equal(await kept.proves(subject, own, testCall()), true);
        for (const wrong of [other, {}, ...refused.map((one) => one.values)]) {
          assert.equal(await kept.proves(subject, wrong, testCall()), false);
        }
        assert.equal(await kept.proves(`not-${subject}`, own, testCall()), false);
      }
      await kept.remove(subject, testCall());
      assert.equal(await kept.proves(subject, values[0], testCall()), false);
    });

    if (login === undefined) return;

    it('let somebody in who was made here by their address, where the provider brings nobody', async () => {
      const provider = await open();
      if (provider.bringsUsers) return;
      await provider.credentials?.set(madeHere, values[0], testCall());
      const identity = await provider.complete(login(madeHere, values[0]), {}, testAuthCall());
      checkIdentity(identity, madeHere);
      assert.equal(identity.issuer, undefined, 'the platform gives out the addresses');
      await provider.credentials?.remove(madeHere, testCall());
    });

    it('let in with the newest secret and with no other', async () => {
      const provider = await open();
      const enter = (chosen: (typeof values)[number]) => provider.complete(login(subject, chosen), {}, testAuthCall());
      await provider.credentials?.set(subject, values[0], testCall());
      checkIdentity(await enter(values[0]), subject);
      await rejectsWith('DENIED', enter(values[1]));
      await provider.credentials?.set(subject, values[1], testCall());
      checkIdentity(await enter(values[1]), subject);
      await rejectsWith('DENIED', enter(values[0]));
      await provider.credentials?.remove(subject, testCall());
      await rejectsWith('DENIED', enter(values[1]));
    });
  });
}
