import assert from 'node:assert/strict';
import { ApiClient } from './client.ts';
import { type ApiProblem, isAbort, isApiProblem } from './problem.ts';

type Answer = 'nothing' | 'half' | number;

/** A network that gives one answer after the other. */
function network(...answers: Answer[]) {
  const asked: string[] = [];
  const fetch = async (url: unknown, { method, signal }: RequestInit = {}): Promise<Response> => {
    asked.push(`${method} ${String(url)}`);
    signal?.throwIfAborted();
    const answer = answers.shift() ?? assert.fail('asked too often');
    if (answer === 'nothing') throw new TypeError('Failed to fetch');
    if (answer === 'half') return new Response(broken());
    return new Response(JSON.stringify(answer === 200 ? { well: true } : { code: 'X', title: 'no' }), {
      status: answer,
    });
  };
  return { asked, api: new ApiClient({ csrf: () => 'token', fetch }) };
}

function broken(): ReadableStream {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"well":')),
    pull: () => Promise.reject(new TypeError('network error')),
  });
}

const problemOf = (work: Promise<unknown>): Promise<ApiProblem> =>
  work.then(
    () => assert.fail('must fail'),
    (error: unknown) => (isApiProblem(error) ? error : assert.fail(String(error))),
  );

describe('the API, as the page asks it', () => {
  for (const lost of ['nothing', 'half'] as const) {
    it(`is asked again when ${lost} of what was to be read has come`, async () => {
      const { api, asked } = network(lost, 200);
      assert.deepEqual(await api.get('/tasks'), { well: true });
      assert.deepEqual(asked, ['GET /api/v1/tasks', 'GET /api/v1/tasks']);
    });

    it(`is asked twice and no more when ${lost} comes, and says so in words`, async () => {
      const { api, asked } = network(lost, lost);
      const { code, message } = await problemOf(api.get('/tasks'));
      assert.deepEqual([code, asked.length], ['OFFLINE', 2]);
      assert.match(message, /did not answer/);
    });
  }

  it('is asked once to do something: it may have been done', async () => {
    const { api, asked } = network('nothing', 200);
    assert.equal((await problemOf(api.post('/tasks', {}))).code, 'OFFLINE');
    assert.equal(asked.length, 1);
  });

  it('is asked once when it refuses', async () => {
    const { api, asked } = network(403);
    assert.equal((await problemOf(api.get('/tasks'))).status, 403);
    assert.equal(asked.length, 1);
  });

  it('is not asked again by who has left', async () => {
    const leaving = new AbortController();
    const { api } = network('nothing', 200);
    const asking = api.get('/tasks', { signal: leaving.signal });
    setTimeout(() => leaving.abort(), 50);
    await assert.rejects(asking, isAbort);
  });
});
