import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { once } from 'node:events';
import { inspect } from 'node:util';
import type { ErrorCode, Host } from '@stele/sdk';
import { SteleError } from '@stele/sdk';
import { rejectsWith } from '@stele/sdk/testing';
import { Api, type KnownVersions } from './api.ts';
import { Door } from './door.ts';
import { tokensOf } from './tokens.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const restKey = randomBytes(32).toString('base64');
const jobs = { part: 'slurm', method: 'GET', path: '/jobs', doing: 'tell its jobs' } as const;
const notThere = 'Unable find requested URL. Please view /openapi/v3 for API reference.';

/** Something that listens where slurmrestd should: the real one makes none of these faults on command. */
class StandIn implements AsyncDisposable {
  readonly asked: string[] = [];
  readonly known: KnownVersions = new Map();
  version = 'v0.0.42';
  readonly #server: Server;
  #handle: Handler = (_, response) => void response.end('{"errors":[]}');

  constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** @param limit ms for an answer */
  async open(handle: Handler, limit = 10_000): Promise<Api> {
    this.#handle = handle;
    if (!this.#server.listening) {
      this.#server.listen(0, '127.0.0.1');
      await once(this.#server, 'listening');
    }
    const { port } = this.#server.address() as AddressInfo;
    const host = { name: 'login', user: 'bob', dial: async () => connect(port, '127.0.0.1') } as unknown as Host;
    const door = new Door(host, { restUrl: `http://localhost:6820` }, new AbortController().signal, limit);
    return new Api({ door, tokens: tokensOf({ restKey }), user: 'bob', name: 'here', known: this.known });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = '' } = request;
    this.asked.push(`${request.method} ${url}`);
    if (!url.includes(`/${this.version}/`)) return void response.writeHead(404).end(notThere);
    if (url.endsWith('/ping')) return void response.end('{"errors":[],"pings":[]}');
    this.#handle(request, response);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const says =
  (status: number, body: unknown): Handler =>
  (_, response) =>
    void response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));

const complains = (status: number, error: object): Handler => says(status, { errors: [error], jobs: [] });

/** Said by real ones unless another program is named. */
const faults: readonly (readonly [string, Handler, ErrorCode, RegExp])[] = [
  ['no token at all', says(401, 'Authentication failure'), 'DENIED', /token/],
  [
    'a token that 24.11 doesn’t believe',
    complains(511, { error_number: 1007, error: 'Protocol authentication error', source: 'slurm_load_jobs()' }),
    'DENIED',
    /doesn’t take the token/,
  ],
  [
    'a token that accounting of 22.05 doesn’t believe, with status 200',
    complains(200, { error_number: 1007, error: 'Protocol authentication error' }),
    'DENIED',
    /doesn’t take the token/,
  ],
  [
    'another’s job',
    complains(500, { error_number: 2002, error: 'Access/permission denied', source: '_parse_job_list' }),
    'DENIED',
    /doesn’t let this account/,
  ],
  [
    'another’s job, in 26.05',
    complains(403, { error_number: 2002, error: 'Access/permission denied' }),
    'DENIED',
    /doesn’t let this account/,
  ],
  ['a proxy that lets nobody in', says(403, '<html>forbidden</html>'), 'DENIED', /token/],
  [
    'a controller that is away',
    complains(502, { error_number: 1800, error: 'Unable to contact slurm controller (connect failure)' }),
    'UNREACHABLE',
    /controller doesn’t answer/,
  ],
  [
    'a controller that hangs',
    complains(504, { error_number: 5004, error: 'Socket timed out on send/recv operation' }),
    'UNREACHABLE',
    /controller doesn’t answer/,
  ],
  [
    'a complaint with status 200',
    complains(200, { error: 'Priority must be >0', error_code: -1 }),
    'PROTOCOL',
    /Priority must be/,
  ],
  ['a proxy before nothing', says(502, '<html>bad gateway</html>'), 'UNREACHABLE', /no answer/],
  ['a log-in page with status 200', says(200, '<html>log in</html>'), 'PROTOCOL', /slurmrestd doesn’t/],
  ['half an answer', says(200, '{"errors":[],"jobs":[{"job_id":'), 'PROTOCOL', /slurmrestd doesn’t/],
  ['JSON of something else', says(200, '[1]'), 'PROTOCOL', /slurmrestd doesn’t/],
  ['a connection that breaks off', (request) => void request.socket.destroy(), 'UNREACHABLE', /doesn’t answer/],
  [
    'a body that breaks off',
    (request, response) => {
      response.write('{"jobs":[');
      setTimeout(() => request.socket.destroy(), 20);
    },
    'UNREACHABLE',
    /doesn’t answer/,
  ],
  ['no answer', () => undefined, 'UNREACHABLE', /doesn’t come back/],
];

describe('slurmrestd’s faults', () => {
  for (const [what, handle, code, words] of faults) {
    it(`${what}: ${code}`, async () => {
      await using there = new StandIn();
      const api = await there.open(handle, what === 'no answer' ? 300 : undefined);
      const error = await rejectsWith(code, api.ask(jobs));
      assert.match(error.message, words);
      // Neither the key nor a token, however deep.
      const all = inspect(error, { depth: 20 });
      assert(!all.includes('eyJ') && !all.includes(restKey), all);
    });
  }

  const ambiguous = { error_number: -1, error: 'Unspecified error', source: 'slurm_load_jobs' };
  const trials: readonly (readonly [string, object, ErrorCode])[] = [
    ['the token', { error_number: 5005, error: 'Zero Bytes were transmitted or received' }, 'DENIED'],
    ['the controller', { error_number: 1800, error: 'Unable to contact slurm controller' }, 'UNREACHABLE'],
    ['neither', { error_number: 2017, error: 'Invalid job id specified' }, 'UNREACHABLE'],
  ];
  for (const [whose, trial, code] of trials) {
    it(`22.05’s “Unspecified error” is told apart: ${whose}`, async () => {
      await using there = new StandIn();
      there.version = 'v0.0.38';
      const api = await there.open((request, response) =>
        complains(500, request.method === 'DELETE' ? trial : ambiguous)(request, response),
      );
      await rejectsWith(code, api.ask(jobs));
      assert.equal(there.asked.at(-1), 'DELETE /slurm/v0.0.38/job/99999999');
    });
  }

  it('a host that forwards nothing says so', async () => {
    const refused = async () => {
      throw new SteleError('DENIED', 'forwarding is forbidden');
    };
    const host = { name: 'login', user: 'bob', dial: refused } as unknown as Host;
    const door = new Door(host, { restUrl: 'http://localhost:6820' }, new AbortController().signal);
    await rejectsWith('DENIED', door.ask({ method: 'GET', path: '/' }, {}));
  });
});

describe('versions of slurmrestd’s API', () => {
  for (const version of ['v0.0.42', 'v0.0.41', 'v0.0.40', 'v0.0.38']) {
    it(`${version} is found, and looked for once`, async () => {
      await using there = new StandIn();
      there.version = version;
      const api = await there.open(says(200, { errors: [] }));
      await api.ask(jobs);
      const before = there.asked.length;
      await api.ask(jobs);
      assert.deepEqual(there.asked.slice(before), [`GET /slurm/${version}/jobs`]);
    });
  }

  it('are looked for anew after an upgrade', async () => {
    await using there = new StandIn();
    there.version = 'v0.0.38';
    const api = await there.open(says(200, { errors: [] }));
    await api.ask(jobs);
    there.version = 'v0.0.42';
    await rejectsWith('UNSUPPORTED', api.ask(jobs));
    await api.ask(jobs);
    assert.equal(there.asked.at(-1), 'GET /slurm/v0.0.42/jobs');
  });

  it('that nobody knows are said to be so', async () => {
    await using there = new StandIn();
    there.version = 'v0.0.37';
    const error = await rejectsWith('UNSUPPORTED', (await there.open(says(200, {}))).ask(jobs));
    assert.match(error.message, /v0\.0\.42.*v0\.0\.38/);
  });
});
