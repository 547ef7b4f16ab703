import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ApiTokenCreated, LogInLink, SessionItem, Task } from '@stele/sdk/api';
import { type Answer, ApiClient, type Problem, skip, type TaskVisitor } from '../e2e/lib/index.ts';
import { fill, nameOf, operationsOf } from './lib/description.ts';
import { Listener } from './lib/listener.ts';
import { withProbe } from './lib/plugins.ts';
import { raw, type RawAnswer } from './lib/raw.ts';
import { unknownId } from './lib/samples.ts';
import { World } from './lib/world.ts';

const json = { 'Content-Type': 'application/json' };
const password = 'a password nobody guesses';

/** Where a browser says that a request comes from, and whether a write is let through. */
const sources: readonly [string, Record<string, string>, boolean][] = [
  ['the page itself', { Origin: 'own', 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' }, true],
  ['the page, in a browser that does not tell', { Origin: 'own' }, true],
  ['a program', {}, true],
  ['another site', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors' }, false],
  ['another site, no-cors', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }, false],
  [
    'another site’s form',
    {
      Origin: 'https://evil.example',
      'Sec-Fetch-Site': 'cross-site',
      'Sec-Fetch-Mode': 'navigate',
      'Sec-Fetch-Dest': 'document',
    },
    false,
  ],
  ['a sibling, such as a task', { Origin: 'sibling', 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'cors' }, false],
  ['a sibling that says no-cors', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors' }, false],
  ['a sibling by a form', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'navigate' }, false],
  ['an old browser, another site', { Origin: 'https://evil.example' }, false],
  ['a sandbox', { Origin: 'null' }, false],
  ['a sandbox that says same-origin', { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' }, false],
  ['an origin with ours in front', { Origin: 'own.evil.example' }, false],
  ['our host on another port', { Origin: 'port' }, false],
  ['our host in another scheme', { Origin: 'scheme' }, false],
  ['our origin in capitals', { Origin: 'capitals' }, false],
  ['no origin, but a site of none', { 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Mode': 'navigate' }, false],
  ['a word that no browser says', { 'Sec-Fetch-Site': 'whatever' }, false],
  ['the page, but no-cors', { Origin: 'own', 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'no-cors' }, false],
];

describe('the browser side', function () {
  this.timeout(60_000);
  let world: World;

  before(async function () {
    this.timeout(600_000);
    const opened = await World.open({ site: withProbe });
    if (typeof opened === 'string') return skip(this, opened);
    world = opened;
  });

  after(async () => world?.[Symbol.asyncDispose]());

  const cookieOf = (client: ApiClient): string => client.headers.Cookie ?? '';
  const tokenOf = (client: ApiClient): string => client.headers['X-CSRF-Token'] ?? '';

  const spelled = (headers: Record<string, string>): Record<string, string> => {
    const origins: Record<string, string> = {
      own: world.url,
      sibling: `http://aaaabbbbccccdddd.tasks.localhost:${world.port}`,
      port: `http://localhost:${world.port + 1}`,
      scheme: `https://localhost:${world.port}`,
      capitals: world.url.toUpperCase(),
      'own.evil.example': `${world.url}.evil.example`,
    };
    const { Origin: origin } = headers;
    return { ...headers, ...(origin === undefined ? {} : { Origin: origins[origin] ?? origin }) };
  };

  const patch = (headers: Record<string, string>, path = '/api/v1/me'): Promise<RawAnswer> =>
    raw(world.port, { method: 'PATCH', path, headers: { ...json, ...headers }, body: '{"name":"standard"}' });

  describe('a write with a session', () => {
    for (const [what, headers, isFine] of sources) {
      it(`from ${what}: ${isFine ? 'only with its token' : 'never'}`, async () => {
        const client = world.as.standard;
        const cookie = { Cookie: cookieOf(client), ...spelled(headers) };
        const right = tokenOf(client);
        for (const path of ['/api/v1/me', '/api/v1/plugins/probe/x']) {
          const answer = await patch({ ...cookie, 'X-CSRF-Token': right }, path);
          assert.equal(answer.status, isFine ? 200 : 403, answer.body);
          for (const token of ['', 'x', tokenOf(world.as.other), right.slice(1), `${right} `.repeat(2)]) {
            const wrong = await patch({ ...cookie, ...(token === '' ? {} : { 'X-CSRF-Token': token }) }, path);
            assert.deepEqual(
              [wrong.status, (JSON.parse(wrong.body) as Problem).code],
              [403, 'FORGED'],
              `${token}: ${wrong.body}`,
            );
          }
        }
      });

      it(`a log-in from ${what}: ${isFine ? 'is one' : 'is none'}`, async () => {
        const { url } = await world.admin.must<LogInLink>('POST', `/users/${world.id('power')}/link`);
        const body = JSON.stringify({ link: new URLSearchParams(new URL(url).hash.slice(1)).get('link') });
        const answer = await raw(world.port, {
          method: 'POST',
          path: '/api/v1/session',
          headers: { ...json, ...spelled(headers) },
          body,
        });
        assert.equal(answer.status, isFine ? 200 : 403, answer.body);
        assert.equal(answer.headers['set-cookie'] !== undefined, isFine);
      });
    }

    it('goes on with the session of a cookie, whatever else a browser was made to send', async () => {
      const cookie = cookieOf(world.as.standard);
      const tossed = [
        `${cookie}; ${cookie}x`,
        `__Host-stele=x; ${cookie}`,
        `${cookie.replace('__Host-', '')}`,
        cookie.toUpperCase(),
      ];
      for (const value of tossed) {
        const answer = await raw(world.port, { path: '/api/v1/me', headers: { Cookie: value } });
        assert([200, 401].includes(answer.status), `${value}: ${answer.status}`);
        if (answer.status === 200) assert.equal((JSON.parse(answer.body) as { username: string }).username, 'standard');
      }
    });
  });

  it('never writes by reading: every GET and HEAD leaves the rows as they are', async () => {
    const objects = await world.furnish();
    const ids = [objects.software.user, objects.computing.user, objects.storage.user, objects.group, world.id('other')];
    const operations = (await operationsOf(world.admin)).filter(({ method }) => method === 'GET');
    assert(operations.length >= 20);
    await world.untouched('reading', async () => {
      for (const operation of operations) {
        for (const id of operation.path.includes('{') ? ids : ['']) {
          for (const method of operation.path === '/events' ? ['HEAD'] : ['GET', 'HEAD']) {
            const path = fill(operation.path, { id, user: unknownId });
            const query = operation.path.endsWith('/content') ? '?path=x' : '';
            const answer = await world.admin.fetch(path + query, { method });
            await answer.arrayBuffer();
            assert(answer.status < 500, `${method} ${nameOf(operation)}: ${answer.status}`);
          }
        }
      }
      for (const path of ['/', '/login', '/tasks', '/logout', '/session/delete', '/healthz', '/readyz'])
        await raw(world.port, { path, headers: { Accept: 'text/html', Cookie: cookieOf(world.admin) } });
    });
  });

  it('sets one cookie, for this host, over TLS, out of reach of scripts', async () => {
    const { url } = await world.admin.must<LogInLink>('POST', `/users/${world.id('other')}/link`);
    const proof = { link: new URLSearchParams(new URL(url).hash.slice(1)).get('link') };
    const answer = await ApiClient.stranger(world.url).post('/session', proof);
    const cookies = answer.headers.getSetCookie();
    assert.equal(cookies.length, 1);
    const [pair = '', ...attributes] = (cookies[0] ?? '').split('; ');
    assert.match(pair, /^__Host-stele=[A-Za-z0-9_-]{43}$/);
    const named = attributes.map((one) => one.replace(/^Expires=.*/, 'Expires'));
    assert.deepEqual(named.sort(), ['Expires', 'HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert(
      !JSON.stringify(answer.body).includes(pair.slice('__Host-stele='.length)),
      'the secret is in the cookie alone',
    );
  });

  it('takes up no session that somebody else planted, and ends the one it had', async () => {
    const old = await world.logIn('other');
    const { url } = await world.admin.must<LogInLink>('POST', `/users/${world.id('other')}/link`);
    const proof = JSON.stringify({ link: new URLSearchParams(new URL(url).hash.slice(1)).get('link') });
    for (const planted of [`__Host-stele=${'A'.repeat(43)}`, cookieOf(old)]) {
      const headers = { ...json, Cookie: planted, Origin: world.url, 'X-CSRF-Token': tokenOf(old) };
      const answer = await raw(world.port, { method: 'POST', path: '/api/v1/session', headers, body: proof });
      if (answer.status !== 200) continue;
      const [cookie = ''] = (answer.headers['set-cookie'] ?? []).at(-1)?.split(';') ?? [];
      assert.notEqual(cookie, planted);
    }
    assert.equal(
      (await raw(world.port, { path: '/api/v1/me', headers: { Cookie: `__Host-stele=${'A'.repeat(43)}` } })).status,
      401,
    );
  });

  it('uses a one-time link up, however many come at once', async () => {
    const { url } = await world.admin.must<LogInLink>('POST', `/users/${world.id('other')}/link`);
    const proof = { link: new URLSearchParams(new URL(url).hash.slice(1)).get('link') };
    const stranger = ApiClient.stranger(world.url);
    const answers = await Promise.all(Array.from({ length: 12 }, () => stranger.post('/session', proof)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(new URL(url).search, '', 'the secret is in the fragment, which no server sees');
  });

  describe('a way into a task', () => {
    let owner: ApiClient;
    let task: Task;
    let sibling: Task;
    let visitor: TaskVisitor;

    before(async () => {
      owner = world.as.standard;
      [task, sibling] = await Promise.all([world.echo(owner), world.echo(world.as.member)]);
      visitor = await owner.enter(task.id);
    });

    it('is cut, sockets and all, with its session', async () => {
      const session = await world.logIn('standard');
      const inside = await session.enter(task.id);
      const socket = await inside.socket('/ws');
      const stream = await inside.request('/events?count=600&interval=0.1');
      const closed = once(socket, 'close');
      const broken = new Promise<void>((resolve) =>
        stream
          .once('close', resolve)
          .on('error', () => undefined)
          .resume(),
      );
      await session.delete('/session');
      await Promise.all([closed, broken]);
      const after = await inside.request('/echo');
      assert([401, 403].includes(after.resume().statusCode ?? 0));
      inside[Symbol.dispose]();
      assert.equal((await visitor.json<{ method: string }>('/echo')).method, 'GET', 'another session goes on');
    });

    it('is cut with the token that opened it, and with the account', async () => {
      const { secret, token } = await owner.must<{ secret: string; token: { id: string } }>('POST', '/tokens', {
        name: 'x',
        scope: 'write',
      });
      const inside = await ApiClient.byToken(world.url, secret).enter(task.id);
      const socket = await inside.socket('/ws');
      const closed = once(socket, 'close');
      await owner.must('DELETE', `/tokens/${token.id}`);
      await closed;
      inside[Symbol.dispose]();
      const theirs = await world.as.member.enter(sibling.id);
      const open = await theirs.socket('/ws');
      const cut = once(open, 'close');
      await world.admin.must('PATCH', `/users/${world.id('member')}`, { isDisabled: true });
      await cut;
      assert([401, 403].includes((await theirs.request('/')).resume().statusCode ?? 0));
      await world.admin.must('PATCH', `/users/${world.id('member')}`, { isDisabled: false });
      theirs[Symbol.dispose]();
    });

    after(async () => {
      visitor[Symbol.dispose]();
      await owner.clear();
      await (await world.logIn('member')).clear();
    });
  });

  describe('with passwords', () => {
    let client: ApiClient;
    /** Changes it, and goes on in the session that begins with that. */
    const change = async (body: object): Promise<void> => {
      const answer = await client.call<{ csrf: string }>('PUT', '/me/password', body);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      const [cookie = ''] = (answer.headers.getSetCookie()[0] ?? '').split(';');
      client = new ApiClient(world.url, { Cookie: cookie, 'X-CSRF-Token': answer.body.csrf, Origin: world.url });
    };

    before(async () => {
      client = await world.logIn('manager');
      await change({ password });
    });

    it('a change ends every other session, what they hold open, and links that nobody has used', async () => {
      const { url } = await world.admin.must<LogInLink>('POST', `/users/${world.id('manager')}/link`);
      const elsewhere = await ApiClient.byPassword(world.url, 'manager@example.org', password);
      const listener = await Listener.open(elsewhere);
      const before = client;
      await change({ current: password, password: `${password}!` });
      await listener.ended('the stream of the other session');
      assert.equal((await elsewhere.get('/me')).status, 401);
      assert.equal((await before.get('/me')).status, 401, 'the own session has a new secret');
      assert.equal((await client.items<SessionItem>('/sessions')).length, 1);
      await assert.rejects(ApiClient.logIn(world.url, url), /has expired/);
    });

    it('a change ends API tokens when that is said', async () => {
      const token = async (): Promise<ApiClient> => {
        const { secret } = await client.must<ApiTokenCreated>('POST', '/tokens', { name: 'a program' });
        return ApiClient.byToken(world.url, secret);
      };
      const programs = [await token(), await token()];
      const listener = await Listener.open(programs[0] as ApiClient);
      await change({ current: `${password}!`, password: `${password}?` });
      for (const one of programs) assert.equal((await one.get('/me')).status, 200);
      await change({ current: `${password}?`, password: `${password}!`, endTokens: true });
      await listener.ended('the stream of the token');
      for (const one of programs) assert.equal((await one.get('/me')).status, 401);
    });

    it('an administrator who forgets a password ends all that was made with it', async () => {
      const user = { email: 'forgetful@example.org', name: 'forgetful', role: 'standard' };
      const { id } = await world.admin.must<{ id: string }>('POST', '/users', { ...user, password });
      const session = await ApiClient.byPassword(world.url, user.email, password);
      const { secret } = await session.must<ApiTokenCreated>('POST', '/tokens', { name: 'a program' });
      const program = ApiClient.byToken(world.url, secret);
      assert.equal((await program.get('/me')).status, 200);
      const { url } = await world.admin.must<LogInLink>('POST', `/users/${id}/link`);
      await world.admin.must('DELETE', `/users/${id}/password`);
      for (const one of [session, program]) assert.equal((await one.get('/me')).status, 401);
      await assert.rejects(ApiClient.logIn(world.url, url), /has expired/);
    });

    it('a change needs the password that there is', async () => {
      for (const current of [undefined, '', 'wrong', password]) {
        const answer = await client.call<Problem>('PUT', '/me/password', {
          ...(current === undefined ? {} : { current }),
          password: 'another good password',
        });
        assert.deepEqual([answer.status, answer.body.field], [400, 'current'], JSON.stringify(answer.body));
      }
    });

    it('a log-in says and takes the same, whoever there is', async () => {
      const times: Record<string, number[]> = {};
      const words = new Set<string>();
      for (let round = 0; round < 4; round++) {
        for (const email of ['manager@example.org', 'other@example.org', `nobody${round}@example.org`]) {
          const start = performance.now();
          const { status, body } = await ApiClient.stranger(world.url).post<Problem>('/session', {
            email,
            password: 'wrong wrong wrong',
          });
          (times[email.replace(/\d/, '')] ??= []).push(performance.now() - start);
          words.add(`${status} ${body.code} ${body.detail} ${body.field}`);
        }
      }
      assert.equal(words.size, 1, [...words].join('\n'));
      const best = Object.values(times).map((some) => Math.min(...some));
      // A hash takes far longer than all the rest; whoever was spared it would be found out by much more than this.
      assert(Math.max(...best) < Math.min(...best) * 3 + 10, JSON.stringify(times));
    });

    it('a disabled user and a wrong password are told the same', async () => {
      const right = await ApiClient.stranger(world.url).post<Problem>('/session', {
        email: 'disabled@example.org',
        password,
      });
      const wrong = await ApiClient.stranger(world.url).post<Problem>('/session', {
        email: 'nobody@example.org',
        password,
      });
      assert.deepEqual([right.status, right.body.detail], [wrong.status, wrong.body.detail]);
    });

    it('a log-out ends the session on the server, and what it holds open', async () => {
      const session = await ApiClient.byPassword(world.url, 'manager@example.org', `${password}!`);
      const listener = await Listener.open(session);
      const answer = await session.delete('/session');
      assert.equal(answer.status, 200);
      assert.match(answer.headers.getSetCookie().join(), /^__Host-stele=; .*Max-Age=0/);
      await listener.ended('the stream');
      assert.equal((await session.get('/me')).status, 401);
    });

    it('guesses are slowed down, for one account from anywhere', async () => {
      const guess = (): Promise<Answer<Problem>> =>
        ApiClient.stranger(world.url).post<Problem>('/session', {
          email: 'manager@example.org',
          password: 'a guess a guess',
        });
      const answers: Answer<Problem>[] = [];
      for (let count = 0; count < 4; count++) answers.push(...(await Promise.all(Array.from({ length: 6 }, guess))));
      const last = answers.at(-1);
      assert.deepEqual([last?.status, last?.body.code], [429, 'RATE_LIMIT']);
      assert(last?.headers.get('retry-after'));
      assert(answers.filter(({ status }) => status === 403).length <= 20);
      const right = await ApiClient.stranger(world.url).post('/session', {
        email: 'manager@example.org',
        password: `${password}!`,
      });
      assert.equal(right.status, 429, 'the right one is not told apart');
    });

    it('guesses are slowed down for one address, whatever it says of itself', async () => {
      const statuses: number[] = [];
      for (let count = 0; count < 70 && statuses.at(-1) !== 429; count++) {
        const headers = {
          ...json,
          'X-Forwarded-For': `10.0.0.${count}`,
          'X-Real-IP': `10.0.1.${count}`,
          Forwarded: `for=10.0.2.${count}`,
        };
        const body = JSON.stringify({ link: `guess-${count}-${'x'.repeat(30)}` });
        statuses.push((await raw(world.port, { method: 'POST', path: '/api/v1/session', headers, body })).status);
      }
      assert.equal(statuses.at(-1), 429);
      assert.equal(world.as.admin === world.admin && (await world.admin.get('/me')).status, 200, 'who is in, stays in');
    });
  });

  describe('and the platform', () => {
    it('ends with nothing left', () => world.end());
  });
});
