import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import type { Software, Task } from '@stele/sdk/api';
import { type ApiClient, eventually, type Problem, skip, TaskVisitor } from '../e2e/lib/index.ts';
import { clearPaths, tossedCookies, unclearPaths, unclearRequests } from './lib/hostile-requests.ts';
import { bytes, knock, raw } from './lib/raw.ts';
import { World } from './lib/world.ts';

interface Echo {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly [string, string][];
}

const portMode = (): { mode: 'port'; ports: string } => {
  const from = 40_000 + (process.pid % 15_000);
  return { mode: 'port', ports: `${from}-${from + 9}` };
};

for (const mode of ['subdomain', 'port'] as const) {
  describe(`the way into a task, ${mode} mode`, function () {
    this.timeout(60_000);
    let world: World;
    let owner: ApiClient;
    let task: Task;
    let sibling: Task;
    let visitor: TaskVisitor;

    before(async function () {
      this.timeout(600_000);
      const opened = await World.open(mode === 'port' ? { site: { site: { tasks: portMode() } } } : {});
      if (typeof opened === 'string') return skip(this, opened);
      world = opened;
      owner = world.as.standard;
      [task, sibling] = await Promise.all([world.echo(owner), world.echo(world.as.other)]);
      visitor = await owner.enter(task.id);
    });

    after(async () => {
      visitor?.[Symbol.dispose]();
      await world?.[Symbol.asyncDispose]();
    });

    const port = (): number => Number(visitor.origin.port);
    const entryCookie = (): string => visitor.cookie;
    const enter = async (url: URL): Promise<IncomingMessage> => {
      const nobody = new TaskVisitor(url, '');
      const answer = await nobody.request(`${url.pathname}${url.search}`);
      answer.resume();
      nobody[Symbol.dispose]();
      return answer;
    };
    const ticketUrl = async (client: ApiClient, id: string): Promise<URL> => {
      const connection = await client.connect(id);
      assert(connection.kind === 'web');
      return new URL(connection.url);
    };
    const seenBy = async (headers: Record<string, string>, path = '/echo'): Promise<Echo> =>
      visitor.json<Echo>(path, { headers });

    it('is opened by a ticket once, also when many bring it at once', async () => {
      const url = await ticketUrl(owner, task.id);
      const answers = await Promise.all(Array.from({ length: 8 }, () => enter(url)));
      const opened = answers.filter(({ statusCode }) => statusCode === 303);
      assert.equal(opened.length, 1);
      assert(answers.every(({ statusCode }) => statusCode === 303 || statusCode === 403));
      const [cookie = ''] = answers.flatMap(({ headers }) => headers['set-cookie'] ?? []);
      assert.match(cookie, /^__Host-stele-task[^=]*=[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
      assert.equal(answers.find(({ statusCode }) => statusCode === 303)?.headers.location, '/');
    });

    it('is not opened by a ticket for another task, and the ticket is spent by that', async () => {
      const url = await ticketUrl(owner, task.id);
      const elsewhere = await ticketUrl(world.as.other, sibling.id);
      assert.equal((await enter(new URL(`${elsewhere.origin}${url.pathname}${url.search}`))).statusCode, 403);
      assert.equal((await enter(url)).statusCode, 403);
    });

    it('is not opened by made-up tickets, and leads nowhere but into the task', async () => {
      const url = await ticketUrl(owner, task.id);
      for (const search of [
        '',
        '?ticket=',
        '?ticket=x',
        `?ticket=${'A'.repeat(43)}`,
        '?ticket=__proto__',
        `${url.search}&ticket=x`.replace('?ticket=', '?x='),
      ])
        assert.equal((await enter(new URL(`${url.origin}${url.pathname}${search}`))).statusCode, 403, search);
      for (const more of ['&path=//evil.example', '&next=https://evil.example', '&path=/\\evil.example']) {
        const answer = await enter(new URL((await ticketUrl(owner, task.id)).href + more));
        assert.deepEqual([answer.statusCode, answer.headers.location], [303, '/'], more);
      }
    });

    it('is not opened by a ticket of a session that has ended', async () => {
      const session = await world.logIn('standard');
      const url = await ticketUrl(session, task.id);
      await session.delete('/session');
      assert.equal((await enter(url)).statusCode, 403);
    });

    it('is closed to who has no cookie, another’s cookie, or the platform’s', async () => {
      const theirs = await world.as.other.enter(sibling.id);
      const value = (cookie: string): string => cookie.slice(cookie.indexOf('=') + 1);
      const name = entryCookie().slice(0, entryCookie().indexOf('='));
      const platform = owner.headers.Cookie ?? '';
      const own = entryCookie();
      const flipped = `${own.slice(0, -3)}${own.endsWith('AAA') ? 'BBB' : 'AAA'}`;
      const cookies = [
        '',
        theirs.cookie,
        `${name}=${value(theirs.cookie)}`,
        platform,
        `${name}=${value(platform)}`,
        `${name}=x`,
        flipped,
        `${own}x`,
        `${own}; ${own}`,
        `${name}=x; ${own}`,
        own.replace('__Host-', ''),
        own.toUpperCase(),
      ];
      for (const cookie of cookies) {
        const stranger = new TaskVisitor(visitor.origin, cookie);
        for (const path of ['/', '/echo', '/.stele/status']) {
          const answer = await stranger.request(path);
          assert([401, 403].includes(answer.resume().statusCode ?? 0), `${cookie} ${path}`);
        }
        const from = { Host: visitor.host, Origin: visitor.origin.origin };
        const status = await knock(port(), '/ws', cookie === '' ? from : { ...from, Cookie: cookie });
        assert.equal(status, 401, `${cookie} WebSocket`);
        stranger[Symbol.dispose]();
      }
      const bearer = await raw(port(), {
        path: '/',
        headers: { Host: visitor.host, Authorization: world.as.writeToken.headers.Authorization ?? '' },
      });
      assert.equal(bearer.status, 401);
      theirs[Symbol.dispose]();
    });

    it('tells strangers nothing: a task that there is looks like one that there is not', async () => {
      if (mode === 'port') return;
      const told = async (key: string): Promise<string> => {
        const answer = await raw(port(), { path: '/', headers: { Host: `${key}.tasks.localhost:${port()}` } });
        return `${answer.status} ${answer.body}`.replaceAll(key, 'KEY');
      };
      assert.equal(await told(task.key), await told('zzzzzzzzzzzzzzzz'));
    });

    it('carries neither cookies nor tokens of the platform’s, on no way', async () => {
      const { standard, writeToken } = world.as;
      const platform = standard.headers.Cookie ?? '';
      const token = writeToken.headers.Authorization ?? '';
      const secrets = [platform.split('=')[1] ?? '', token.split(' ')[1] ?? '', entryCookie().split('=')[1] ?? ''];
      const cookie = `a=1; ${platform}; ${entryCookie()}; b=2`;
      const tries: Record<string, string>[] = [
        { Cookie: cookie },
        { Cookie: entryCookie(), Authorization: token },
        { Cookie: entryCookie(), Authorization: token.replace('Bearer', 'bearer') },
        { Cookie: entryCookie(), Authorization: token.replace('Bearer ', 'Bearer   ') },
        { Cookie: entryCookie(), 'Proxy-Authorization': token },
        { Cookie: `${platform} ; ${entryCookie()};;; =x; ${platform}` },
        { Cookie: `${entryCookie()},${platform}` },
      ];
      for (const headers of tries) {
        const answer = await raw(port(), { path: '/echo', headers: { Host: visitor.host, ...headers } });
        if (answer.status === 401) continue;
        for (const secret of secrets)
          assert(!answer.body.includes(secret), `${JSON.stringify(headers)}: ${answer.body}`);
      }
      const plain = [
        'PUT /echo HTTP/1.1',
        `Host: ${visitor.host}`,
        `Cookie: ${cookie}`,
        `Authorization: ${token}`,
        'Expect: 100-continue',
        'Content-Length: 2',
        'Connection: close',
        '',
        'hi',
      ].join('\r\n');
      const continued = await bytes(port(), plain, 3_000);
      assert.match(continued, /HTTP\/1\.1 200/);
      for (const secret of secrets) assert(!continued.includes(secret), continued);
      const upgrade = [
        'GET /echo HTTP/1.1',
        `Host: ${visitor.host}`,
        `Origin: ${visitor.origin.origin}`,
        `Cookie: ${cookie}`,
        `Authorization: ${token}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
        '',
        '',
      ].join('\r\n');
      const upgraded = await bytes(port(), upgrade, 2_000);
      assert.match(upgraded, /"target"/, 'the task answered');
      for (const secret of secrets) assert(!upgraded.includes(secret), upgraded);
    });

    it('tells the task who asks by its own knowledge', async () => {
      const lies = {
        'X-Forwarded-For': '6.6.6.6',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Port': '1',
        'X-Forwarded-User': 'root',
        'X-Forwarded-Prefix': '/x',
        Forwarded: 'for=6.6.6.6',
        'X-Real-IP': '6.6.6.6',
        'X-Client-IP': '6.6.6.6',
        Proxy: 'http://evil.example',
      };
      const { headers } = await seenBy(lies);
      const seen = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
      assert.deepEqual(
        [
          seen.get('x-forwarded-for'),
          seen.get('x-forwarded-host'),
          seen.get('x-forwarded-proto'),
          seen.get('x-forwarded-port'),
        ],
        ['127.0.0.1', visitor.host, 'http', String(port())],
      );
      assert.equal(headers.filter(([name]) => name.toLowerCase() === 'x-forwarded-for').length, 1);
      const text = JSON.stringify(headers);
      for (const lie of ['6.6.6.6', 'evil.example', 'root']) assert(!text.includes(lie), text);
      assert.equal(seen.get('host'), visitor.host);
    });

    it('takes clear paths as they are, and others not at all', async () => {
      for (const path of clearPaths) assert.equal((await seenBy({}, path)).target, path);
      for (const path of unclearPaths) {
        const answer = await raw(port(), { path, headers: { Host: visitor.host, Cookie: entryCookie() } });
        assert(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status} ${answer.body}`);
        assert.doesNotMatch(answer.body, /"target"/, path);
      }
      for (const target of [
        `http://${visitor.host}/echo`,
        'http://evil.example/echo',
        '*',
        'echo',
        'evil.example:80',
      ]) {
        const answer = await bytes(
          port(),
          `GET ${target} HTTP/1.1\r\nHost: ${visitor.host}\r\nCookie: ${entryCookie()}\r\nConnection: close\r\n\r\n`,
          2_000,
        );
        assert.match(answer, /^HTTP\/1\.1 4/, `${target}: ${answer}`);
      }
    });

    it('does not let one request become two', async () => {
      const head = `Host: ${visitor.host}\r\nCookie: ${entryCookie()}\r\n`;
      for (const text of unclearRequests(head)) {
        const answer = await bytes(port(), text, 1_000);
        assert.doesNotMatch(answer, /smuggled|HTTP\/1\.1 200[^]*HTTP\/1\.1 200/, text);
        assert.match(answer, /^(HTTP\/1\.1 [45]|$)/, `${text}\n→ ${answer}`);
      }
    });

    it('takes WebSockets and writes from the task’s own pages alone', async () => {
      const others = [
        undefined,
        world.url,
        'null',
        'https://evil.example',
        `${visitor.origin.origin}.evil.example`,
        visitor.origin.origin.toUpperCase(),
        `http://${sibling.key}.tasks.localhost:${port()}`,
        `http://tasks.localhost:${port() + 1}`,
      ];
      for (const origin of others) {
        const from = { Host: visitor.host, Cookie: entryCookie(), ...(origin === undefined ? {} : { Origin: origin }) };
        assert.equal(await knock(port(), '/ws', from), 403, `a WebSocket from ${origin}`);
        if (origin === undefined) continue;
        for (const method of ['POST', 'PUT', 'DELETE']) {
          const answer = await raw(port(), {
            method,
            path: '/echo',
            headers: { Host: visitor.host, Cookie: entryCookie(), Origin: origin },
          });
          assert.equal(answer.status, 403, `${method} from ${origin}`);
        }
      }
      for (const site of ['cross-site', 'same-site']) {
        for (const [fetchMode, dest, status] of [
          ['cors', 'empty', 403],
          ['no-cors', 'script', 403],
          ['navigate', 'iframe', 403],
          ['navigate', 'document', 200],
        ] as const) {
          const headers = {
            Host: visitor.host,
            Cookie: entryCookie(),
            'Sec-Fetch-Site': site,
            'Sec-Fetch-Mode': fetchMode,
            'Sec-Fetch-Dest': dest,
          };
          assert.equal((await raw(port(), { path: '/echo', headers })).status, status, `${site} ${fetchMode} ${dest}`);
        }
      }
    });

    it('keeps a hostile task’s cookies within the task', async () => {
      const set = async (...cookies: string[]): Promise<string[]> => {
        const query = cookies.map((cookie) => `c=${encodeURIComponent(cookie)}`).join('&');
        const answer = await visitor.request(`/cookies?${query}`);
        answer.resume();
        return answer.headers['set-cookie'] ?? [];
      };
      assert.deepEqual(await set(...tossedCookies(sibling.key)), []);
      const [cookie = ''] = await set('mine=1; Domain=localhost; Path=/; DOMAIN=tasks.localhost; domain');
      assert.doesNotMatch(cookie, /domain/i);
      assert.match(cookie, mode === 'port' ? new RegExp(`^stele-${task.key}-mine=1; Path=/$`) : /^mine=1; Path=\/$/);
    });

    it('gives a task no cookie of another one in the same jar', async () => {
      const theirs = mode === 'port' ? `stele-${sibling.key}-session=theirs; session=nobodys; ` : '';
      const mine = mode === 'port' ? `stele-${task.key}-session=mine` : 'session=mine';
      const { received } = await visitor.json<{ received: string[] }>('/cookies', {
        headers: { Cookie: `${theirs}${mine}; ${entryCookie()}` },
      });
      assert.deepEqual(received, ['session=mine']);
    });

    it('is not taken for the platform, nor the platform for it', async () => {
      const platform = owner.headers as Record<string, string>;
      const answer = await raw(port(), { path: '/api/v1/me', headers: { ...platform, Host: visitor.host } });
      assert.equal(answer.status, 401);
      assert.doesNotMatch(answer.body, /@example/);
      const other = await raw(world.port, { path: '/api/v1/me', headers: { Cookie: entryCookie() } });
      assert.equal(other.status, 401);
      const hosts = [
        'tasks.localhost',
        `x.tasks.localhost:${port()}`,
        `${task.key}.tasks.localhost`,
        `${task.key}.tasks.localhost.:${port()}`,
        `${task.key.toUpperCase()}.tasks.localhost:${port()}`,
        `a.${task.key}.tasks.localhost:${port()}`,
        `${task.key}.evil.example:${port()}`,
        `localhost:${port()}x`,
      ];
      for (const host of hosts) {
        const wrong = await raw(port(), { path: '/echo', headers: { Host: host, Cookie: entryCookie() } });
        assert(wrong.status >= 400, `${host}: ${wrong.status}`);
        assert.doesNotMatch(wrong.body, /"target"/, host);
      }
    });

    it('gives a task’s answer no word for the platform', async () => {
      const answer = await visitor.request(`/status/302?to=${encodeURIComponent(`${world.url}/api/v1/session`)}`);
      answer.resume();
      assert.equal(answer.statusCode, 302, 'a task redirects as it likes: it is its own origin');
      const refused = await raw(port(), { path: '/', headers: { Host: visitor.host, Accept: 'text/html' } });
      assert.equal(refused.status, 401);
      assert.match(String(refused.headers['content-security-policy']), /^(?!.*unsafe).*default-src 'none'/);
      assert.equal(refused.headers['x-content-type-options'], 'nosniff');
    });

    it('shows the names of tasks as text', async () => {
      const name = '<img src=x onerror=alert(1)>"\'&';
      const { image, registry, tag, flags } = await world.admin.software('Echo');
      await owner.must<Software>('POST', '/software', {
        name,
        image,
        registry,
        tag,
        flags,
        port: 8080,
        env: { ECHO_START_DELAY: '30' },
      });
      const { id } = await owner.launch(name, { name });
      await eventually(
        'it can be connected to',
        async () => (await owner.post<Problem>(`/tasks/${id}/connect`)).status === 200,
        20_000,
      );
      const waiting = await owner.enter(id);
      const page = await waiting.text('/', { headers: { Accept: 'text/html' } });
      assert.match(page, /&lt;img src=x/);
      assert.doesNotMatch(page, /<img/);
      waiting[Symbol.dispose]();
      await owner.stop(id);
    });

    describe('and the platform', () => {
      it('ends with nothing left', async () => {
        visitor[Symbol.dispose]();
        await world.end(owner, await world.logIn('other'));
      });
    });
  });
}
