import assert from 'node:assert/strict';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { Task } from '@stele/sdk/api';
import { type ApiClient, skip } from '../e2e/lib/index.ts';
import { type Description, nameOf, type Operation, operationsOf } from './lib/description.ts';
import { conforms, whyNot } from './lib/samples.ts';
import { type Objects, World } from './lib/world.ts';

describe('the API and its description', function () {
  this.timeout(60_000);
  let world: World;
  let admin: ApiClient;
  let objects: Objects;
  let operations: readonly Operation[];
  let description: Description;
  let task: Task;

  before(async function () {
    this.timeout(600_000);
    const opened = await World.open();
    if (typeof opened === 'string') return skip(this, opened);
    world = opened;
    admin = world.admin;
    objects = await world.furnish();
    description = await admin.must<Description>('GET', '/openapi.json');
    operations = await operationsOf(admin);
    task = await world.echo(admin);
  });

  after(async () => world?.[Symbol.asyncDispose]());

  it('is OpenAPI', async () => {
    const result = await new Validator().validate(JSON.parse(JSON.stringify(description)) as Record<string, unknown>);
    assert.equal(result.valid, true, JSON.stringify(result.errors, undefined, 1));
  });

  it('has an id of its own for every route, and says who must log in', () => {
    const all = Object.values(description.paths).flatMap((methods) => Object.values(methods));
    const ids = all.map((one) => (one as { operationId?: string }).operationId);
    assert.equal(new Set(ids).size, ids.length);
    assert(
      ids.every((id) => /^[a-z][A-Za-z]+$/.test(id ?? '')),
      String(ids),
    );
  });

  it('has every route that answers', async () => {
    const paths = [
      '/me',
      '/events',
      '/ui',
      '/kinds',
      '/auth',
      '/openapi.json',
      '/tasks',
      '/software',
      '/storages',
      '/plugins',
      '/keys',
      '/platform-key',
      '/accounts',
    ];
    const missing = paths.filter((path) => !operations.some((one) => nameOf(one) === `GET ${path}`));
    assert.deepEqual(missing, []);
    // The other way round, a route that is described is there: whatever it says, it isn't that there is nothing.
    for (const operation of operations) {
      if (operation.path === '/events') continue;
      const answer = await world.as.nobody.call<{ detail?: string }>(
        operation.method,
        operation.path.replaceAll(/\{\w+\}/g, 'x'),
      );
      assert.notEqual(answer.body?.detail, 'There is nothing at this address.', nameOf(operation));
    }
  });

  it('lets no body have keys that it does not declare', () => {
    const open = operations
      .filter(({ body }) => body !== undefined && JSON.stringify(body).length > 0)
      .flatMap((operation) =>
        (operation.body?.anyOf ?? [operation.body])
          .filter((body) => (body?.additionalProperties ?? true) === true)
          .map(() => nameOf(operation)),
      );
    assert.deepEqual(open, []);
  });

  it('answers as it says', async () => {
    const files = `/storages/${(await admin.storage('My files')).id}`;
    await admin.fetch(`${files}/content?path=a.txt`, { method: 'PUT', body: 'x' });
    const wish = { software: objects.software.platform, computing: objects.computing.platform };
    const asked: readonly [string, string, string, unknown?][] = [
      ['GET', '/auth', '/auth'],
      ['GET', '/session', '/session'],
      ['GET', '/me', '/me'],
      ['PATCH', '/me', '/me', { name: 'Root', timezone: 'Europe/Rome' }],
      ['GET', '/sessions', '/sessions'],
      ['POST', '/tokens', '/tokens', { name: 'x' }],
      ['GET', '/tokens', '/tokens'],
      ['GET', '/users', '/users'],
      ['PATCH', '/users/{id}', `/users/${world.id('other')}`, { name: 'x' }],
      ['POST', '/users/{id}/link', `/users/${world.id('other')}/link`],
      ['GET', '/groups', '/groups'],
      ['GET', '/keys', '/keys'],
      ['POST', '/keys', '/keys'],
      ['POST', '/keys/rotate', '/keys/rotate'],
      ['PUT', '/keys/certificate', '/keys/certificate', { certificate: null }],
      ['GET', '/keys', '/keys'],
      ['POST', '/platform-key', '/platform-key'],
      ['GET', '/platform-key', '/platform-key'],
      ['GET', '/accounts', '/accounts'],
      ['GET', '/ui', '/ui'],
      ['GET', '/kinds', '/kinds'],
      ['GET', '/plugins', '/plugins'],
      ['GET', '/software', '/software'],
      ['GET', '/software/{id}', `/software/${objects.software.group}`],
      ['POST', '/software/{id}/duplicate', `/software/${objects.software.platform}/duplicate`],
      ['PATCH', '/software/{id}', `/software/${objects.software.user}`, { architecture: 'amd64', env: { A: 'b' } }],
      ['PATCH', '/software/{id}', `/software/${objects.software.user}`, { architecture: null }],
      ['PATCH', '/software/{id}', `/software/${objects.software.user}`, { owner: { kind: 'platform' } }],
      ['GET', '/computing', '/computing'],
      ['GET', '/computing/{id}', `/computing/${objects.computing.user}`],
      ['GET', '/computing/{id}/options', `/computing/${objects.computing.platform}/options`],
      ['POST', '/computing/{id}/check', `/computing/${objects.computing.platform}/check`],
      ['GET', '/storages', '/storages'],
      ['GET', '/storages/{id}', `/storages/${objects.storage.user}`],
      ['GET', '/storages/{id}/files', `${files}/files`],
      ['GET', '/storages/{id}/files', `${files}/files?path=a.txt`],
      ['POST', '/storages/{id}/operations', `${files}/operations`, { op: 'copy', from: 'a.txt', to: 'b.txt' }],
      ['POST', '/storages/{id}/operations', `${files}/operations`, { op: 'remove', path: 'b.txt' }],
      ['GET', '/tasks', '/tasks'],
      ['GET', '/tasks/{id}', `/tasks/${task.id}`],
      ['POST', '/tasks/{id}/connect', `/tasks/${task.id}/connect`],
      ['POST', '/tasks/preview', '/tasks/preview', wish],
    ];
    for (const [method, path, filled, body] of asked) {
      const operation = operations.find((one) => one.method === method && one.path === path);
      assert(operation, `${method} ${path}`);
      const answer = await admin.call<unknown>(method, filled, body);
      assert(
        String(answer.status) in operation.answers,
        `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`,
      );
      const schema = operation.answers[String(answer.status)];
      assert(schema && conforms(schema, answer.body), `${method} ${path}: ${whyNot()}: ${JSON.stringify(answer.body)}`);
    }
  });

  it('answers with streams as it says', async () => {
    const files = `/storages/${(await admin.storage('My files')).id}`;
    await admin.fetch(`${files}/content?path=s.txt&overwrite=true`, { method: 'PUT', body: 'streamed' });
    const asked: readonly [string, string, Record<string, string>?][] = [
      ['/storages/{id}/content', `${files}/content?path=s.txt`],
      ['/storages/{id}/content', `${files}/content?path=s.txt`, { Range: 'bytes=1-2' }],
      ['/tasks/{id}/logs', `/tasks/${task.id}/logs`],
      ['/events', '/events'],
      ['/openapi.json', '/openapi.json'],
    ];
    for (const [path, filled, headers = {}] of asked) {
      const leaving = new AbortController();
      const answer = await admin.fetch(filled, { headers, signal: leaving.signal });
      leaving.abort();
      const [type = 'none'] = Object.keys(
        description.paths[`/api/v1${path}`]?.['get']?.responses[answer.status]?.content ?? {},
      );
      const form = new RegExp(`^${type.replaceAll('*', '[^/]+')}`);
      assert.match(answer.headers.get('content-type') ?? '', form, `${path}: ${answer.status}`);
    }
  });

  it('says what is wrong as it says', async () => {
    const schema = (description as unknown as { components: { schemas: { Problem: object } } }).components.schemas
      .Problem;
    const { nobody, standard } = world.as;
    const answers = [
      await nobody.get('/me'),
      await standard.get('/users'),
      await admin.post('/groups', {}),
      await admin.get('/none'),
    ];
    for (const { body } of answers) assert(conforms(schema, body), `${whyNot()}: ${JSON.stringify(body)}`);
  });

  it('stops with nothing left', () => world.end(admin));
});
