import assert from 'node:assert/strict';
import { ownJar, sharedJar } from './cookies.ts';
import { headersForTask, headersFromTask, siteDataFromTask } from './headers.ts';

const host = 'a1b2c3d4e5f6a7b8.tasks.localhost:8080';
const by = { client: '192.0.2.1', scheme: 'http', host, port: 8080 } as const;
const ours = `Host: ${host}|X-Forwarded-For: 192.0.2.1|X-Forwarded-Proto: http|X-Forwarded-Host: ${host}|X-Forwarded-Port: 8080`;

const flat = (text: string): string[] =>
  text === ''
    ? []
    : text.split('|').flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]);
const lines = (headers: readonly string[]): string[] =>
  headers.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${headers[i + 1]}`] : []));

describe('headers to a task', () => {
  for (const [sent, got] of [
    ['', ''],
    ['Accept: */*|User-Agent: x', 'Accept: */*|User-Agent: x'],
    [`Host: ${host}|HOST: evil.example`, ''],
    ['X-Forwarded-For: 1.1.1.1|x-forwarded-host: evil|X-FORWARDED-PROTO: https|X-Forwarded-Prefix: /x', ''],
    [
      'X_Forwarded_For: 1.1.1.1|X-Forwarded_Host: evil|X_Real_IP: 1.1.1.1|Transfer_Encoding: chunked|Content_Length: 9',
      '',
    ],
    ['Remote_User: x|Authorization_: y', 'Remote_User: x|Authorization_: y'],
    ['Forwarded: for=1.1.1.1|X-Real-IP: 1.1.1.1|True-Client-IP: 1.1.1.1|Proxy: http://evil', ''],
    ['Connection: keep-alive, X-Hop|X-Hop: 1|x-stay: 2|Keep-Alive: 5', 'x-stay: 2'],
    [
      'Connection: close, Origin, Content-Length|Origin: http://x|Content-Length: 3',
      'Origin: http://x|Content-Length: 3',
    ],
    ['TE: trailers|Trailer: x|Transfer-Encoding: chunked|Upgrade: websocket|Proxy-Authorization: x', ''],
    ['Authorization: Bearer stele_abc', ''],
    ['authorization: bearer  stele_abc', ''],
    ['Authorization: Bearer abc|authorization: token stele', 'Authorization: Bearer abc|authorization: token stele'],
    ['X-Same: 1|x-same: 2', 'X-Same: 1|x-same: 2'],
    ['Cookie: forwarded=by-its-own-road', ''],
  ] as const) {
    it(sent || 'none', () => {
      const all = lines(headersForTask(flat(sent), undefined, ownJar, by));
      const known = ours.split('|');
      assert.deepEqual(
        all.filter((line) => known.includes(line)),
        known,
      );
      assert.deepEqual(
        all.filter((line) => !known.includes(line)),
        lines(flat(got)),
      );
    });
  }

  it('has one cookie header, without the platform’s', () => {
    const headers = headersForTask([], 'a=1; __Host-stele-task=x; b=2', ownJar, by);
    assert.ok(lines(headers).includes('Cookie: a=1; b=2'));
    assert.ok(!headersForTask([], '__Host-stele-task=x', ownJar, by).includes('Cookie'));
  });
});

describe('headers of a task', () => {
  for (const [sent, got] of [
    ['Content-Type: text/html|ETag: "x"', 'Content-Type: text/html|ETag: "x"'],
    ['Connection: keep-alive|Keep-Alive: timeout=5|Transfer-Encoding: chunked', ''],
    ['Connection: close, X-Hop|X-Hop: 1', ''],
    ['Set-Cookie: a=1; Domain=localhost|Set-Cookie: b=2', 'Set-Cookie: a=1|Set-Cookie: b=2'],
    ['set-cookie: __Host-stele-task=x; Path=/', ''],
    ['Alt-Svc: h3=":443"|Strict-Transport-Security: max-age=1; includeSubDomains|NEL: x|Report-To: x', ''],
    ['Clear-Site-Data: "cookies"', ''],
    ['Clear-Site-Data: "cache", "cookies"', 'Clear-Site-Data: "cache"'],
    ['WWW-Authenticate: Basic|WWW-Authenticate: Bearer', 'WWW-Authenticate: Basic|WWW-Authenticate: Bearer'],
  ] as const) {
    it(sent, () => assert.deepEqual(headersFromTask(flat(sent), ownJar), flat(got)));
  }

  it('has its cookies renamed in a shared jar', () => {
    const jar = sharedJar('a1b2c3d4e5f6a7b8');
    assert.deepEqual(headersFromTask(['Set-Cookie', 'a=1'], jar), ['Set-Cookie', 'stele-a1b2c3d4e5f6a7b8-a=1']);
  });

  it('clears everything but cookies when it asks for everything', () => {
    assert.equal(siteDataFromTask('"*"'), '"cache", "storage", "executionContexts"');
  });
});
