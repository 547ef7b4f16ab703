import { describeAuthProvider, silentLog, testAuthCall } from '@stele/sdk/testing';
import { OpenIdProvider } from '../../plugins/auth/oidc/src/server/openid-provider.ts';
import { RealProvider } from './lib/provider.ts';
import { ScriptedBrowser } from './lib/scripted-browser.ts';
import { settingsFor } from './lib/settings.ts';

const { callback } = testAuthCall();
const client = { client_id: 'stele', redirect_uris: [callback], post_logout_redirect_uris: [callback] };
const accounts = { ada: { email: 'ada@example.org', email_verified: true, name: 'Ada' } };

describe('an OpenID provider', function () {
  this.timeout(60_000);
  const secret = 'a secret that nobody uses elsewhere';
  const kinds = [
    ['with a secret', { ...client, client_secret: secret }, { clientSecretVariable: 'STELE_TEST_CLIENT_SECRET' }],
    ['without a secret', { ...client, token_endpoint_auth_method: 'none' as const }, {}],
  ] as const;

  before(() => void (process.env['STELE_TEST_CLIENT_SECRET'] = secret));
  after(() => void delete process.env['STELE_TEST_CLIENT_SECRET']);

  for (const [what, registered, more] of kinds) {
    let real: RealProvider;
    before(async () => void (real = await RealProvider.start({ clients: [registered], accounts })));
    after(() => real?.[Symbol.asyncDispose]());

    describeAuthProvider(
      { describe, it, before, after },
      {
        title: `oidc, a client ${what}`,
        open: () => Promise.resolve(new OpenIdProvider(settingsFor(real.issuer, more), silentLog)),
        redirect: { subject: 'ada', follow: (url) => new ScriptedBrowser().logIn(url, 'ada', callback) },
      },
    );
  }
});
