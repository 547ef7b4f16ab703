import assert from 'node:assert/strict';
import { inTime } from '@stele/sdk/testing';
import diagnose from '../../plugins/auth/oidc/src/server/doctor.ts';
import { BentProvider } from './lib/bent-provider.ts';
import { freePort } from '../e2e/lib/free-port.ts';
import { settingsFor } from './lib/settings.ts';

describe('what the doctor says of OpenID providers', function () {
  this.timeout(20_000);
  const notesOn = async (issuer: string, more = {}) => {
    return diagnose({ providers: { sso: settingsFor(issuer, more) } }, inTime(10_000));
  };

  it('is that they answer', async () => {
    await using bent = await BentProvider.start();
    assert.deepEqual(await notesOn(bent.issuer), [{ state: 'fine', says: '“The institute” answers' }]);
    bent.bend = { metadata: { code_challenge_methods_supported: ['plain'] } };
    assert.equal((await notesOn(bent.issuer))[0]?.state, 'weak');
  });

  it('is that one is away, calls itself otherwise, or that a secret is missing', async () => {
    const [away] = await notesOn(`http://127.0.0.1:${await freePort()}`);
    assert.deepEqual([away?.state, away?.says], ['weak', '“The institute” does not answer (ECONNREFUSED)']);
    await using bent = await BentProvider.start();
    bent.bend = { metadata: { issuer: 'https://evil.example' } };
    const [secret, other] = await notesOn(bent.issuer, { clientSecretVariable: 'STELE_NOWHERE_SECRET' });
    assert.deepEqual([secret?.state, other?.state], ['broken', 'broken']);
    assert.match(secret?.says ?? '', /STELE_NOWHERE_SECRET is not set/);
    assert.match(other?.says ?? '', /describes itself otherwise/);
  });
});
