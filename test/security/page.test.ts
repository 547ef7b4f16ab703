import assert from 'node:assert/strict';
import type { LogInLink } from '@stele/sdk/api';
import { type ApiClient, skip } from '../e2e/lib/index.ts';
import { withProbe } from './lib/plugins.ts';
import { raw } from './lib/raw.ts';
import { World } from './lib/world.ts';

const json = { 'Content-Type': 'application/json' };

describe('the platform’s origin', function () {
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
  it('answers to its own name alone', async () => {
    const { port } = world;
    const paths = ['/', '/api/v1/auth', '/healthz', '/assets/x'];
    const strangers = [
      'evil.example',
      `evil.example:${port}`,
      'localhost',
      `localhost:${port + 1}`,
      `localhost.:${port}`,
      `localhost:${port}.evil.example`,
      `evil@localhost:${port}`,
      `[::ffff:127.0.0.1]:${port}`,
    ];
    for (const host of strangers) {
      for (const path of paths) {
        const answer = await raw(port, { path, headers: { Host: host, Accept: 'text/html' } });
        assert([400, 404, 421].includes(answer.status), `${host}${path}: ${answer.status}`);
        assert.doesNotMatch(answer.body, /stele-shell/);
      }
    }
    const forwarded = {
      Host: 'evil.example',
      'X-Forwarded-Host': `localhost:${port}`,
      Forwarded: `host=localhost:${port}`,
    };
    assert.equal((await raw(port, { path: '/', headers: forwarded })).status, 404);
  });

  it('names neither a forged host nor a forged scheme in what it answers', async () => {
    const headers = {
      ...json,
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      Forwarded: 'host=evil.example',
    };
    const answer = await world.admin.fetch(`/users/${world.id('other')}/link`, { method: 'POST', headers });
    assert.equal(new URL(((await answer.json()) as LogInLink).url).origin, world.url);
  });

  describe('the page', () => {
    it('runs no script but its own, is framed by nobody, and is sent nowhere else', async () => {
      const paths = ['/', '/login', '/tasks?open=x', '/software/a/b', '/%2e%2e/x', '/login?next=https://evil.example'];
      const nonces = new Set<string>();
      for (const path of paths) {
        const answer = await raw(world.port, { path, headers: { Accept: 'text/html' } });
        assert.equal(answer.status, 200, path);
        const policy = parsePolicy(String(answer.headers['content-security-policy']));
        const scripts = policy.get('script-src') ?? policy.get('default-src') ?? [];
        assert(
          scripts.length > 0 && !scripts.some((source) => /unsafe|^\*|^https?:|data:|blob:/.test(source)),
          scripts.join(' '),
        );
        assert.deepEqual(policy.get('frame-ancestors'), ["'none'"]);
        assert.deepEqual(policy.get('object-src') ?? policy.get('default-src'), ["'none'"]);
        assert.deepEqual(policy.get('base-uri'), ["'none'"]);
        assert(policy.has('form-action'));
        const nonce =
          scripts.map((source) => /^'nonce-(.+)'$/.exec(source)?.[1]).find((one) => one !== undefined) ?? '';
        assert(nonce.length >= 22 && !nonces.has(nonce), 'a nonce of its own');
        nonces.add(nonce);
        for (const [tag] of answer.body.matchAll(/<script[^>]*>/g)) {
          assert(tag.includes(`nonce="${nonce}"`) || / src="\/assets\//.test(tag), tag);
        }
        assert.doesNotMatch(answer.body, / on\w+=|javascript:|style="/);
        assert.equal(answer.headers['cache-control'], 'no-store');
        assert(!answer.body.includes('evil.example'), 'nothing of the address is in the page');
      }
    });

    it('sends nobody anywhere: there is no redirect on the platform’s origin', async () => {
      const targets = [
        '//evil.example',
        '///evil.example',
        '/\\evil.example',
        '\\\\evil.example',
        'https://evil.example',
        '/%2f%2fevil.example',
        '/%5cevil.example',
        '/\tevil.example',
        'javascript:alert(1)',
        '//user@evil.example',
        '/.evil.example',
        'http:evil.example',
      ];
      for (const target of targets) {
        for (const key of ['next', 'redirect', 'return', 'url', 'continue', 'open']) {
          const query = `${key}=${encodeURIComponent(target)}`;
          for (const path of [
            `/login?${query}`,
            `/?${query}`,
            `/api/v1/session?${query}`,
            `/api/v1/auth/local/callback?${query}`,
          ]) {
            const answer = await raw(world.port, {
              path,
              headers: { Accept: 'text/html', Cookie: cookieOf(world.as.standard) },
            });
            assert(answer.status < 300 || answer.status >= 400, `${path}: ${answer.status}`);
            assert.equal(answer.headers.location, undefined, path);
            assert.equal(answer.headers.refresh, undefined, path);
          }
        }
      }
      for (const path of [
        '//evil.example',
        '//evil.example/%2e%2e',
        '/\\evil.example',
        '/.//evil.example',
        '//evil.example/..',
      ]) {
        const answer = await raw(world.port, { path, headers: { Accept: 'text/html' } });
        assert.equal(answer.headers.location, undefined, path);
      }
    });

    it('has the headers of its own protection on every answer', async () => {
      const cookie = { Cookie: cookieOf(world.as.standard) };
      const asked = [
        '/',
        '/api/v1/me',
        '/api/v1/none',
        '/api/v1/users',
        '/none.js',
        '/healthz',
        '/readyz',
        '/api/v1/openapi.json',
        '/api/v1/plugins/probe/x',
        '/assets/none',
        await assetOf(world.port),
      ];
      for (const path of asked) {
        const { headers, status } = await raw(world.port, { path, headers: { Accept: 'text/html', ...cookie } });
        assert.equal(headers['x-content-type-options'], 'nosniff', path);
        assert.equal(headers['x-frame-options'], 'DENY', path);
        assert.equal(headers['referrer-policy'], 'no-referrer', path);
        assert.equal(headers['cross-origin-opener-policy'], 'same-origin', path);
        assert.equal(headers['cross-origin-resource-policy'], 'same-origin', path);
        assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/, path);
        assert.equal(headers['access-control-allow-origin'], undefined, path);
        assert.equal(headers['x-powered-by'], undefined, path);
        assert.equal(headers.server, undefined, path);
        if (path.startsWith('/api') && !path.endsWith('openapi.json'))
          assert.equal(headers['cache-control'], 'no-store', `${path} ${status}`);
        assert.equal(headers['set-cookie'], undefined, `${path} sets no cookie, not even for a plugin`);
      }
    });

    it('grants no other origin anything', async () => {
      for (const origin of ['https://evil.example', 'null', world.url]) {
        const headers = {
          Origin: origin,
          'Access-Control-Request-Method': 'PATCH',
          'Access-Control-Request-Headers': 'x-csrf-token',
        };
        const answer = await raw(world.port, { method: 'OPTIONS', path: '/api/v1/me', headers });
        assert.equal(answer.headers['access-control-allow-origin'], undefined);
        assert(answer.status >= 400);
      }
    });

    it('serves the files of its list, and no others', async () => {
      const asset = await assetOf(world.port);
      assert.equal((await raw(world.port, { path: asset })).status, 200);
      const folder = asset.slice(0, asset.lastIndexOf('/'));
      const tries = [
        `${folder}/../page.json`,
        `${folder}/..%2fpage.json`,
        '/assets/../page.json',
        '/assets/%2e%2e/page.json',
        '/assets//etc/passwd',
        '/assets/plugins/probe/x/index.ts',
        '/assets/plugins/../../../package.json',
        '/assets/plugins/panel-tasks/x/../../../../package.json',
        '/assets/%00',
        '/assets/..\\page.json',
        '/.env',
        '/page.json',
        '/package.json',
      ];
      for (const path of tries) {
        const answer = await raw(world.port, { path });
        // Whatever is no file and no route is an address of the page.
        assert(answer.status === 404 || answer.body.includes('<stele-shell'), path);
        if (path.startsWith('/assets')) assert.equal(answer.status, 404, path);
      }
    });
  });

  describe('a plugin', () => {
    it('sees neither cookie nor credential, and no other host than its own', async () => {
      const client = world.as.writeToken;
      for (const path of [
        '/plugins/probe/x',
        '/plugins/probe//evil.example/x',
        '/plugins/probe/http://evil.example/',
      ]) {
        const { body } = await client.post<{ url: string; headers: [string, string][] }>(path);
        assert.equal(new URL(body.url).host, 'plugin.invalid', body.url);
        const names = body.headers.map(([name]) => name);
        for (const name of ['cookie', 'authorization', 'x-csrf-token']) assert(!names.includes(name), name);
      }
      const seen = await world.as.standard.get<{ headers: [string, string][] }>('/plugins/probe/x');
      assert(!JSON.stringify(seen.body).includes(cookieOf(world.as.standard).slice('__Host-stele='.length)));
    });
  });

  describe('and the platform', () => {
    it('ends with nothing left', () => world.end());
  });
});

function parsePolicy(text: string): Map<string, string[]> {
  return new Map(
    text.split(';').map((directive) => {
      const [name = '', ...sources] = directive.trim().split(/\s+/);
      return [name, sources];
    }),
  );
}

async function assetOf(port: number): Promise<string> {
  const { body } = await raw(port, { path: '/', headers: { Accept: 'text/html' } });
  return /src="(\/assets\/[^"]+)"/.exec(body)?.[1] ?? '';
}
