import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { Stage } from './testing/stage.ts';
import type { GatewayTask } from './index.ts';

describe('the gate', () => {
  let stage: Stage;
  let task: GatewayTask;
  let cookie: string;
  let seen: string[];
  beforeEach(async () => {
    seen = [];
    stage = await Stage.open();
    task = await stage.task((req, res) => {
      seen.push(`${req.method} ${req.url}`);
      res.end(JSON.stringify(req.headers));
    });
    cookie = await stage.enter(task);
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  /** Says exactly these bytes and returns all that comes back. */
  const say = async (text: string): Promise<string> => {
    const socket = connect(stage.platform.port, '127.0.0.1');
    socket.write(text, 'latin1');
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('close', resolve));
    return heard;
  };
  const head = (line: string, more = ''): string =>
    `${line} HTTP/1.1\r\nHost: ${stage.host(task)}\r\nCookie: ${cookie}\r\nConnection: close\r\n${more}\r\n`;

  for (const host of [
    (own: string) => own.toUpperCase(),
    (own: string) => own.replace(/:\d+/, ''),
    (own: string) => own.replace(':', '.:'),
    (own: string) => `x.${own}`,
    (own: string) => own.slice(17),
    (own: string) => own.slice(1),
  ]) {
    it(`refuses Host ${host('aaaaaaaaaaaaaaaa.tasks.localhost:1')}`, async () => {
      const answer = await stage.ask(task, '/', { cookie, host: host(stage.host(task)) });
      assert.equal(answer.status, 421);
      assert.deepEqual(seen, []);
    });
  }

  it('leaves other hosts to the platform', async () => {
    assert.equal((await stage.ask(task, '/', { host: `localhost:${stage.platform.port}` })).body, 'platform');
  });

  it('refuses two hosts', async () => {
    const text = head('GET /').replace(
      'Cookie:',
      `Host: ${'b'.repeat(16)}.tasks.localhost:${stage.platform.port}\r\nCookie:`,
    );
    assert.match(await say(text), /^HTTP\/1.1 400 /);
    assert.deepEqual(seen, []);
  });

  for (const target of [
    'http://evil.example/',
    '//x/..',
    '/a/../b',
    '/a/%2e%2e/b',
    '/a%2f..%2fb',
    '/%2f%2fevil',
    '/a\\b',
    '/%2estele/status',
    '/a\u00e9',
    '*',
  ]) {
    it(`refuses the target ${target}`, async () => {
      assert.match(await say(head(`GET ${target}`)), /^HTTP\/1.1 400 /);
      assert.deepEqual(seen, []);
    });
  }

  it('forwards what it let pass, to the letter', async () => {
    for (const target of ['/', '/a//b/', '/a%2Fb?x=%2e%2e//&y=[1]|{2}^`\\', '/%E2%82%AC;v=1,2?']) {
      assert.match(await say(head(`GET ${target}`)), /^HTTP\/1.1 200 /);
      assert.equal(seen.at(-1), `GET ${target}`);
    }
  });

  for (const [name, text] of [
    ['TRACE', () => head('TRACE /')],
    ['CONNECT', () => head('CONNECT evil.example:443')],
    ['an unknown method', () => head('FROB /')],
    ['two lengths', () => head('POST /', 'Content-Length: 3\r\nContent-Length: 4\r\n') + 'abcd'],
    ['length and chunks', () => head('POST /', 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n') + '0\r\n\r\n'],
    ['an odd coding', () => head('POST /', 'Transfer-Encoding: gzip, chunked\r\n') + '0\r\n\r\n'],
    ['a disguised coding', () => head('POST /', 'Transfer-Encoding: xchunked\r\n') + '0\r\n\r\n'],
    ['a space before a colon', () => head('POST /', 'Transfer-Encoding : chunked\r\n') + '0\r\n\r\n'],
    ['a folded header', () => head('GET /', 'X-A: 1\r\n b\r\n')],
    ['a bare line feed', () => head('GET /', 'X-A: 1\nX-B: 2\r\n')],
    ['no host', () => `GET / HTTP/1.1\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`],
    ['a head without end', () => head('GET /', `X-Long: ${'x'.repeat(70_000)}\r\n`)],
  ] as const) {
    it(`refuses ${name}`, async () => {
      assert.doesNotMatch(await say(text()), /^HTTP\/1.1 2/);
      assert.deepEqual(seen, []);
    });
  }

  it('refuses what another site’s page sends', async () => {
    const evil = `http://${'b'.repeat(16)}.tasks.localhost:${stage.platform.port}`;
    for (const [method, headers] of [
      ['POST', { origin: evil }],
      ['POST', { origin: 'null' }],
      ['POST', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
      ['GET', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }],
      ['GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    ] as const) {
      assert.equal((await stage.ask(task, '/', { cookie, method, headers })).status, 403);
    }
    assert.deepEqual(seen, []);
  });

  it('lets a link from the platform’s page through', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    assert.equal((await stage.ask(task, '/', { cookie, headers })).status, 200);
  });

  it('tells the task what it knows instead of what the client says', async () => {
    const answer = await stage.ask(task, '/', {
      cookie,
      headers: {
        'x-forwarded-for': '6.6.6.6',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
        forwarded: 'for=6.6.6.6',
        'x-real-ip': '6.6.6.6',
        authorization: 'Bearer stele_abcdef',
      },
    });
    const got = JSON.parse(answer.body) as Record<string, string>;
    assert.ok(!answer.body.includes('6.6.6.6') && !answer.body.includes('evil') && !answer.body.includes('stele_'));
    assert.equal(got['x-forwarded-for'], '127.0.0.1');
    assert.equal(got['x-forwarded-proto'], 'http');
    assert.equal(got['x-forwarded-host'], stage.host(task));
    assert.equal(got['x-forwarded-port'], String(stage.platform.port));
  });

  it('believes a declared proxy', async () => {
    await using behind = await Stage.open({ trustedProxies: ['127.0.0.0/8'] });
    const same = await behind.task((req, res) => res.end(req.headers['x-forwarded-for']));
    const entry = await behind.enter(same);
    const answer = await behind.ask(same, '/', { cookie: entry, headers: { 'x-forwarded-for': '6.6.6.6' } });
    assert.equal(answer.body, '6.6.6.6, 127.0.0.1');
  });

  it('passes the task’s own authorization', async () => {
    const answer = await stage.ask(task, '/', { cookie, headers: { authorization: 'token abc' } });
    assert.equal((JSON.parse(answer.body) as Record<string, string>)['authorization'], 'token abc');
  });
});
