/**
 * `oidc-provider`, certified by the OpenID Foundation, as a process of its own: `real-provider.ts`, with a JSON object of
 * {@link ProviderOptions} on standard input. Prints its port, and then ends with standard input.
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { Provider } from 'oidc-provider';
import type { ProviderOptions } from './options.ts';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const options = JSON.parse((await lines.next()).value ?? '{}') as ProviderOptions;

// A clock that is wrong is wrong for all of the process.
const realNow = Date.now;
Date.now = () => realNow() + (options.clockOffset ?? 0) * 1000;

const { host = '127.0.0.1' } = options;
const server = createServer();
await new Promise<void>((resolve) => server.listen(options.port ?? 0, host, resolve));
const { port } = server.address() as AddressInfo;

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const accounts = options.accounts;
const provider = new Provider(`http://${host}:${port}`, {
  clients: options.clients.map((client) => ({ token_endpoint_auth_method: 'client_secret_basic', ...client })),
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' }] },
  cookies: { keys: [randomUUID()] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username', 'groups'] },
  conformIdTokenClaims: options.inToken === true ? false : true,
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: options.logsOut ?? true } },
  interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  pkce: { required: () => true },
  ttl: { IdToken: options.tokenLife ?? 3600 },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
  loadExistingGrant: async (context) => {
    const { client, session } = context.oidc;
    // One grant for all of a browser's log-ins: another would undo the codes of the one before.
    const known = session!.grantIdFor(client!.clientId);
    if (known) return context.oidc.provider.Grant.find(known);
    const grant = new context.oidc.provider.Grant({ clientId: client!.clientId, accountId: session!.accountId! });
    grant.addOIDCScope('openid profile email');
    await grant.save();
    return grant;
  },
});

provider.use(async (context, next) => {
  const [, uid] = /^\/interaction\/([\w-]+)$/.exec(context.path) ?? [];
  if (uid === undefined) return next();
  if (context.method === 'GET') {
    context.type = 'html';
    context.body = page;
    return undefined;
  }
  const form = new URLSearchParams((await context.req.toArray()).join(''));
  const login = form.get('account') ?? '';
  const result = login in accounts ? { login: { accountId: login } } : { error: 'access_denied' };
  await provider.interactionFinished(context.req, context.res, result);
  context.respond = false;
  return undefined;
});

const page = `<!doctype html><html lang="en"><title>The provider</title><h1>The provider</h1>
<form method="post"><label>Account <input name="account"></label><button>Sign in</button></form>`;

server.on('request', provider.callback());
process.stdout.write(`${port}\n`);
await lines.next();
process.exit(0);
