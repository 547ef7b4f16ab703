import assert from 'node:assert/strict';
import { Stage } from './testing/stage.ts';

describe('the gateway', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  it('carries a request to the task and the answer back', async () => {
    const task = await stage.task((req, res) => {
      res.writeHead(201, 'Made', { 'Content-Type': 'text/x', 'Set-Cookie': ['a=1', 'b=2; Domain=tasks.localhost'] });
      res.end(JSON.stringify({ url: req.url, method: req.method, headers: req.headers }));
    });
    const cookie = await stage.enter(task);
    assert.match(cookie, /^__Host-stele-task=[\w-]+$/);
    const answer = await stage.ask(task, '/a%2Fb?c=d', { cookie: `x=1; ${cookie}; y=2`, method: 'DELETE' });
    assert.equal(answer.status, 201);
    assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2']);
    const seen = JSON.parse(answer.body) as { url: string; method: string; headers: Record<string, string> };
    assert.equal(seen.url, '/a%2Fb?c=d');
    assert.equal(seen.method, 'DELETE');
    assert.equal(seen.headers['cookie'], 'x=1; y=2');
    assert.equal(seen.headers['host'], stage.host(task));
    assert.equal(seen.headers['x-forwarded-for'], '127.0.0.1');
  });
});
