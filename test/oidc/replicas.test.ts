import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SiteFile } from '../../core/server/src/site/index.ts';
import { Platform, Postgres, skip, Yard } from '../e2e/lib/index.ts';
import { Guest } from './lib/guest.ts';
import { RealProvider } from './lib/provider.ts';
import { freePort } from '../e2e/lib/free-port.ts';
import { atProvider, clientFor } from './lib/stage.ts';

describe('log-in with OpenID Connect at two replicas', function () {
  this.timeout(90_000);
  const owned = new AsyncDisposableStack();
  let url: string;
  /** Where the replicas answer; browsers see the first one's name. */
  let places: readonly [string, string];

  before(async function () {
    const postgres = await Postgres.open();
    if (typeof postgres === 'string') return skip(this, postgres);
    owned.use(postgres);
    const ports = [await freePort(), await freePort()] as const;
    url = `http://localhost:${ports[0]}`;
    places = [`http://127.0.0.1:${ports[0]}`, `http://127.0.0.1:${ports[1]}`];
    const secret = randomBytes(24).toString('base64url');
    const accounts = { ada: { email: 'ada@example.org', email_verified: true } };
    const provider = owned.use(await RealProvider.start({ accounts, clients: [clientFor(url, 'institute', secret)] }));
    const yard = owned.use(await Yard.open());
    const clientSecretFile = join(yard.path, 'client-secret');
    await writeFile(clientSecretFile, secret, { mode: 0o600 });
    const institute = { ...atProvider(provider, 'The institute'), clientSecretFile, allow: { everybody: true } };
    const site = {
      site: { url },
      database: postgres.url,
      plugins: {
        'auth-oidc': { providers: { institute } },
        'engine-docker': { enabled: false },
        'engine-podman': { enabled: false },
      },
    } as SiteFile;
    const environment = { STELE_SECRET_KEY: randomBytes(32).toString('base64') };
    const started = await Promise.all(ports.map((port) => Platform.start({ site, port, environment })));
    for (const platform of started) owned.use(platform);
  });
  after(() => owned.disposeAsync());

  it('begins at one, arrives at the other, and ends at the first', async () => {
    const guest = new Guest(places[0], url);
    const answer = await guest.fetchAnswer('institute', 'ada');
    const other = guest.at(places[1]);
    assert.equal((await other.bring('institute', answer)).status, 200);
    const back = other.at(places[0]);
    const out = await back.call<{ url?: string }>('DELETE', '/session');
    assert.match(out.body.url ?? '', /id_token_hint=eyJ/, 'what one replica kept, the other can read');
    assert.equal((await other.api.get('/me')).status, 401);
  });

  it('takes an answer once, at whichever comes first', async () => {
    const guest = new Guest(places[0], url);
    const answer = await guest.fetchAnswer('institute', 'ada');
    const body = { provider: 'institute', answer };
    const both = await Promise.all(places.map((place) => guest.at(place).call('POST', '/session', body)));
    assert.deepEqual(
      both.map(({ status }) => status).toSorted((one, two) => one - two),
      [200, 403],
    );
  });
});
