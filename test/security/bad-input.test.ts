import assert from 'node:assert/strict';
import { type Answer, type ApiClient, type Problem, skip } from '../e2e/lib/index.ts';
import { fill, nameOf, type Operation, operationsOf } from './lib/description.ts';
import { bytes } from './lib/raw.ts';
import { sample, unknownId, wrongs } from './lib/samples.ts';
import { type Objects, World } from './lib/world.ts';

type Body = Readonly<Record<string, unknown>>;

describe('bad input', function () {
  this.timeout(60_000);
  let world: World;
  let admin: ApiClient;
  let objects: Objects;
  let operations: readonly Operation[];
  let untouched: Record<string, string>;

  before('opens a world', async function () {
    this.timeout(600_000);
    const opened = await World.open();
    if (typeof opened === 'string') return skip(this, opened);
    world = opened;
    admin = world.admin;
    objects = await world.furnish();
    operations = await operationsOf(admin);
    untouched = await world.rows.state();
  });

  afterEach('nothing was changed', async () => assert.deepEqual(await world.rows.state(), untouched));

  after(async () => world?.[Symbol.asyncDispose]());

  /** Ids of things that there are, so that only what is tried is wrong. */
  const there = (path: string): Record<string, string> => ({
    id: path.startsWith('/plugins/')
      ? 'nobodys-plugin'
      : path.startsWith('/storages')
        ? objects.storage.user
        : path.startsWith('/software')
          ? objects.software.user
          : path.startsWith('/computing')
            ? objects.computing.user
            : path.startsWith('/groups')
              ? objects.group
              : path.startsWith('/users')
                ? world.id('other')
                : unknownId,
    user: world.id('other'),
    provider: 'nobodys-provider',
  });

  const refused = ({ status, headers, body }: Answer<Problem>, what: string, field?: string): void => {
    const said = `${what}: ${status} ${JSON.stringify(body)}`;
    assert(status >= 400 && status < 500, said);
    assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/, said);
    assert(body.code && body.detail, said);
    if (field === undefined) return;
    assert.equal(body.code, 'INVALID', said);
    assert(body.field === field || body.field?.startsWith(`${field}.`), said);
  };

  it('in ids of paths', async () => {
    const ids = [
      'x',
      '0'.repeat(36),
      '-'.repeat(36),
      `${unknownId}0`,
      "' or 1=1--",
      '..',
      'a\u0000',
      '%',
      '💥',
      'x'.repeat(4000),
    ];
    for (const operation of operations.filter(({ path }) => path.includes('{'))) {
      for (const id of ids) {
        const path = fill(operation.path, {
          ...there(operation.path),
          id,
          ...(operation.path.includes('{user}') ? { id: objects.group, user: id } : {}),
        });
        // `..` is taken out of the path by every client: from the events of a task it leads to the stream of all, which has no end.
        if (id === '..' && operation.path.endsWith('}/events')) continue;
        const answer = await admin.call<Problem>(operation.method, path, operation.body && sample(operation.body));
        refused(answer, `${nameOf(operation)} with ${id.slice(0, 40)}`);
        if (id !== '..') assert.match(answer.body.code, /^(INVALID|NOT_FOUND)$/);
      }
    }
  });

  it('in ids that nothing has', async () => {
    for (const operation of operations.filter(({ path }) => path.includes('{'))) {
      if (operation.path.startsWith('/plugins/')) continue;
      const path = fill(operation.path, { id: unknownId, user: unknownId });
      const query = operation.path.endsWith('/content') ? '?path=x' : '';
      const answer = await admin.call<Problem>(
        operation.method,
        path + query,
        operation.body && sample(operation.body),
      );
      refused(answer, nameOf(operation));
      assert.equal(answer.body.code, 'NOT_FOUND', nameOf(operation));
    }
  });

  it('in queries', async () => {
    for (const operation of operations) {
      const queries = operation.parameters.filter((parameter) => parameter.in === 'query');
      if (queries.length === 0) continue;
      const path = fill(operation.path, there(operation.path));
      const needed = queries.filter(({ required }) => required).map(({ name }) => `${name}=x`);
      for (const { name, schema, required } of queries) {
        const values = [
          ...(schema.type === 'integer' ? ['x', '-1', '1.5', '1e99', 'NaN', '', '9'.repeat(30)] : []),
          ...(schema.type === 'boolean' ? ['maybe', '2', 'TRUE'] : []),
          ...(schema.maxLength === undefined ? [] : ['x'.repeat(schema.maxLength + 1)]),
          ...(schema.format === 'uuid' ? ['x', unknownId.slice(1)] : []),
        ];
        const others = needed.filter((pair) => !pair.startsWith(`${name}=`));
        const ask = (pairs: string[]): Promise<Answer<Problem>> =>
          admin.call<Problem>(operation.method, `${path}?${[...others, ...pairs].join('&')}`);
        for (const value of values) {
          refused(
            await ask([`${name}=${encodeURIComponent(value)}`]),
            `${nameOf(operation)} ${name}=${value.slice(0, 40)}`,
            name,
          );
        }
        refused(await ask([`${name}=1`, `${name}=2`]), `${nameOf(operation)} ${name} twice`, name);
        if (required) refused(await ask([]), `${nameOf(operation)} without ${name}`, name);
      }
      const unheard = [...needed, 'unheard_of=1'].join('&');
      refused(
        await admin.call<Problem>(operation.method, `${path}?${unheard}`),
        `${nameOf(operation)} unheard_of`,
        'unheard_of',
      );
    }
  });

  it('in bodies that are none', async () => {
    const json = { 'Content-Type': 'application/json' };
    const bodies: readonly [string, Record<string, string>, string | undefined][] = [
      ['nothing', {}, undefined],
      ['nothing, said to be JSON', json, ''],
      ['half of it', json, '{"name":'],
      ['not JSON', json, 'name=x'],
      ['a text', json, '"x"'],
      ['a list', json, '[]'],
      ['null', json, 'null'],
      ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'name=x'],
      ['plain text, as forms send it', { 'Content-Type': 'text/plain' }, '{"name":"x","x":"="}'],
      ['parts', { 'Content-Type': 'multipart/form-data; boundary=x' }, '--x\r\n\r\n{}\r\n--x--'],
      ['no type', { 'Content-Type': '' }, '{}'],
      ['an unknown coding', { ...json, 'Content-Encoding': 'x-none' }, '{}'],
      ['a broken coding', { ...json, 'Content-Encoding': 'gzip' }, '{}'],
      ['a prototype', json, '{"__proto__":{"role":"admin"}}'],
      ['a constructor', json, '{"constructor":{"prototype":{"role":"admin"}}}'],
      ['many lists', json, `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
      ['more than a megabyte', json, JSON.stringify({ name: 'x'.repeat(1_100_000) })],
    ];
    for (const operation of operations.filter(({ body }) => body !== undefined)) {
      for (const [what, headers, body] of bodies) {
        const path = `/api/v1${fill(operation.path, there(operation.path))}`;
        const sent = {
          method: operation.method,
          headers: { ...admin.headers, ...headers },
          ...(body === undefined ? {} : { body }),
        };
        const answer = await fetch(world.url + path, sent);
        const said = (await answer.json()) as Problem;
        refused({ status: answer.status, headers: answer.headers, body: said }, `${nameOf(operation)}: ${what}`);
        assert.match(said.code, /^(INVALID|TOO_LARGE)$/, `${nameOf(operation)}: ${what}: ${JSON.stringify(said)}`);
      }
    }
  });

  it('in every field of every body', async function () {
    this.timeout(120_000);
    let count = 0;
    for (const operation of operations) {
      for (const body of operation.body?.anyOf ?? (operation.body ? [operation.body] : [])) {
        const base = sample(body) as Body;
        for (const { what, value, field } of wrongs(body, base)) {
          // The other way to log in takes fields of any name, if they are texts.
          if (operation.path === '/session' && Object.values(value as Body).every((one) => typeof one === 'string'))
            continue;
          if (operation.path === '/session' && field === 'unheard_of') continue;
          const answer = await admin.call<Problem>(
            operation.method,
            fill(operation.path, there(operation.path)),
            value,
          );
          refused(answer, `${nameOf(operation)}: ${what}`, field);
          count += 1;
        }
      }
    }
    assert(count > 300, `${count} tried`);
  });

  it('in values that a schema takes and the world does not', async () => {
    const { computing, software, storage } = objects;
    const someone = { kind: 'user', id: unknownId };
    const nobodys = { kind: 'group', id: unknownId };
    const soft = { name: 'x', image: 'a/b', port: 80 };
    const stor = { name: 'x', backend: 'posix', conf: { base: '/tmp/x' } };
    const cases: readonly (readonly [string, string, unknown, string | undefined])[] = [
      ['POST', '/software', { ...soft, protocol: 'gopher' }, 'protocol'],
      ['POST', '/software', { ...soft, transport: 'udp' }, 'transport'],
      ['POST', '/software', { ...soft, owner: someone }, 'owner'],
      ['POST', '/software', { ...soft, owner: nobodys }, 'owner'],
      ['POST', '/software', { ...soft, description: 'a\u0000b' }, undefined],
      ['POST', '/software', { ...soft, env: { 'A B': 'x' } }, 'env.A B'],
      ['POST', '/software', { ...soft, env: { A: 'x\ny' } }, 'env.A'],
      ['POST', '/software', { ...soft, env: { 'A=B': 'x' } }, 'env.A=B'],
      ['PATCH', `/software/${software.user}`, { owner: someone }, 'owner'],
      ['PATCH', `/software/${software.user}`, { owner: nobodys }, 'owner'],
      ['PATCH', `/software/${software.user}`, { name: 'a\u0000b' }, 'name'],
      ['POST', '/computing', { name: 'x', driver: 'nobody' }, 'driver'],
      ['POST', '/computing', { name: 'x', driver: 'standalone', access: 'nowhere' }, 'access'],
      ['POST', '/computing', { name: 'x', driver: 'standalone', conf: { grace: -1 } }, 'conf.grace'],
      ['POST', '/computing', { name: 'x', driver: 'standalone', conf: { unheard_of: 1 } }, 'conf.unheard_of'],
      ['POST', '/computing', { name: 'x', driver: 'standalone', accessConf: { host: 'x' } }, 'accessConf.host'],
      ['POST', '/computing', { name: 'x', driver: 'standalone', owner: someone }, 'owner'],
      ['POST', '/storages', { ...stor, conf: { base: 'relative' } }, 'conf.base'],
      ['POST', '/storages', { ...stor, conf: { base: '/a/../b' } }, 'conf.base'],
      ['POST', '/storages', { ...stor, conf: { base: '/a\u0000b' } }, 'conf.base'],
      ['POST', '/storages', { ...stor, conf: { base: '/a/$HOME' } }, 'conf.base'],
      ['POST', '/storages', { ...stor, conf: { base: '/a', bind: '/x,readonly=false/..' } }, 'conf.bind'],
      ['POST', '/storages', { ...stor, conf: {} }, 'conf.base'],
      ['POST', '/storages', { ...stor, computing: unknownId }, undefined],
      ['PATCH', `/storages/${storage.user}`, { conf: { base: '/' + 'x'.repeat(5000) } }, 'conf.base'],
      ['PATCH', `/computing/${computing.user}`, { name: 'a\u0000b' }, 'name'],
      ['POST', '/groups', { name: 'a\u0000b' }, 'name'],
      ['POST', '/users', { email: 'new@example.org', name: 'a\u0000b' }, 'name'],
      ['POST', '/users', { email: 'standard@example.org', name: 'x' }, 'email'],
      ['POST', '/users', { email: 'new@example.org', name: 'x', password: 'x'.repeat(20) }, 'password'],
      ['PATCH', `/users/${world.id('other')}`, { name: 'a\u0000b' }, 'name'],
      ['PATCH', '/me', { name: 'a\u0000b' }, 'name'],
      ['PATCH', '/me', { timezone: 'Mars/Olympus' }, 'timezone'],
      ['POST', '/tokens', { name: 'a\u0000b' }, 'name'],
      ['PUT', '/keys/certificate', { certificate: 'a\u0000b' }, undefined],
      ['PUT', '/platform-key/certificate', { certificate: '-----BEGIN OPENSSH PRIVATE KEY-----' }, undefined],
      ...['-rf', '..', 'a b', 'a/b', '$(id)', '`id`', 'a\nb', 'a\u0000b', '', 'x'.repeat(33), 'ä', '1a'].map(
        (username): [string, string, unknown, string] => [
          'PUT',
          `/accounts/${computing.platform}`,
          { username },
          'username',
        ],
      ),
      ['PUT', `/accounts/${computing.platform}`, { username: 'ada' }, undefined],
      ['POST', '/storages', { ...stor, access: 'computing' }, 'computing'],
      ['PUT', `/groups/${objects.group}/members/${unknownId}`, { role: 'member' }, undefined],
      ['POST', '/tasks', { software: unknownId, computing: computing.platform }, 'software'],
      ['POST', '/tasks', { software: software.platform, computing: unknownId }, 'computing'],
      [
        'POST',
        '/tasks',
        { software: software.platform, computing: computing.platform, password: 'a good password' },
        'password',
      ],
      [
        'POST',
        '/tasks',
        { software: software.platform, computing: computing.platform, engine: { id: 'none' } },
        'engine.id',
      ],
      [
        'POST',
        '/tasks',
        { software: software.platform, computing: computing.platform, engine: { id: 'podman', runtime: 'none' } },
        'engine.runtime',
      ],
      [
        'POST',
        '/tasks',
        { software: software.platform, computing: computing.platform, options: { unheard_of: 1 } },
        'options.unheard_of',
      ],
      [
        'POST',
        '/tasks',
        { software: software.platform, computing: computing.platform, options: { memory: -1 } },
        'options.memory',
      ],
      [
        'POST',
        '/tasks',
        { software: software.platform, computing: computing.platform, architecture: 's390x' },
        'computing',
      ],
      ['POST', '/tasks', { software: software.platform, computing: computing.platform, name: 'a\u0000b' }, 'name'],
    ];
    for (const [method, path, body, field] of cases) {
      const answer = await admin.call<Problem>(method, path, body);
      const said = `${method} ${path} ${JSON.stringify(body)}`;
      refused(answer, said);
      if (field !== undefined) assert.equal(answer.body.field, field, `${said}: ${JSON.stringify(answer.body)}`);
    }
  });

  it('in references to images, environment names and ports', async () => {
    const soft = { name: 'x', image: 'a/b', port: 80 };
    const cases: Record<string, readonly unknown[]> = {
      image: [
        '',
        'A/B',
        '/a',
        'a/',
        'a//b',
        '../a',
        'a b',
        'a;id',
        'a:1',
        'a@sha256:0',
        '-a',
        'a\n',
        '$(id)',
        'a'.repeat(256),
        'http://a/b',
      ],
      registry: ['', 'a/b', 'a b', 'a:0', 'a:65536', 'a:x', '-a', 'user@a', 'http://a', 'a..b', 'a\n'],
      tag: ['', '.a', '-a', 'a/b', 'a b', 'a'.repeat(129), 'a\n', 'ä'],
      digest: ['', 'sha256:', `sha256:${'A'.repeat(64)}`, `md5:${'a'.repeat(32)}`, `sha256:${'a'.repeat(64)}\n`],
      port: [0, -1, 65536, 80.5, '80', null, 1e10],
    };
    for (const [field, values] of Object.entries(cases))
      for (const value of values)
        refused(
          await admin.post<Problem>('/software', { ...soft, [field]: value }),
          `${field} = ${String(value)}`,
          field,
        );
    for (const name of ['', '1A', 'A-B', 'A B', 'A=B', 'A\n', 'Ä', 'A'.repeat(129), 'A;id', '$A'])
      refused(await admin.post<Problem>('/software', { ...soft, env: { [name]: 'x' } }), `env ${name}`, `env.${name}`);
  });

  it('in cursors', async () => {
    const time = '2026-01-01T00:00:00.000Z';
    const cursors = [
      'x',
      '',
      ' ',
      time,
      `${time} x`,
      `x ${unknownId}`,
      `${time} ${'-'.repeat(36)}`,
      `-271821-04-20T00:00:00.000Z ${unknownId}`,
      `+275760-09-13T00:00:00.000Z ${unknownId}`,
      `${time} ${unknownId.replaceAll('-', '0')}`,
    ];
    for (const cursor of cursors)
      refused(await admin.get<Problem>(`/tasks?cursor=${encodeURIComponent(cursor)}`), `cursor ${cursor}`, 'cursor');
    const files = `/storages/${objects.storage.user}/files`;
    // This storage is somebody else's: even its cursors say nothing.
    refused(await admin.get<Problem>(`${files}?cursor=x`), 'cursor of files');
  });

  it('in methods that a path does not have', async () => {
    const known = new Map<string, Set<string>>();
    for (const { path, method } of operations) known.set(path, (known.get(path) ?? new Set()).add(method));
    for (const [path, methods] of known) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
        if (methods.has(method)) continue;
        const answer = await admin.fetch(fill(path, there(path)), { method });
        refused(
          { status: answer.status, headers: answer.headers, body: (await answer.json()) as Problem },
          `${method} ${path}`,
        );
      }
    }
  });

  it('in requests that are hardly HTTP', async () => {
    const host = `Host: localhost:${world.port}`;
    const requests = [
      'GET / HTTP/1.1\r\n\r\n',
      `GET /api/v1/me HTTP/1.1\r\n${host}\r\n${host}\r\nConnection: close\r\n\r\n`,
      `POST /api/v1/session HTTP/1.1\r\n${host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `POST /api/v1/session HTTP/1.1\r\n${host}\r\nContent-Length: -1\r\n\r\n`,
      `GET / HTTP/1.1\r\n${host}\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`,
      `GET /api/v1/${'x'.repeat(100_000)} HTTP/1.1\r\n${host}\r\n\r\n`,
      `GET /api/v1/me%ZZ HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`,
      `GET /api/v1/tasks/%E0%A4%A HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`,
      `GET http://evil.example/api/v1/me HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`,
      `CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n\r\n`,
      `GET / HTTP/1.1\r\n${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      '\u0016\u0003\u0001\u0002\u0000\u0001\u0000',
    ];
    for (const text of requests) {
      const answer = await bytes(world.port, Buffer.from(text, 'latin1'), 300);
      assert.match(answer, /^(HTTP\/1\.1 4\d\d |$)/, `${text.slice(0, 80)}: ${answer.slice(0, 200)}`);
    }
    assert.equal((await admin.get('/me')).status, 200, 'it still answers');
  });
});
