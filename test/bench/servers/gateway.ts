/** Stele's gateway as the platform runs it: every check, every rewriting, one task, one session that has entered. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@stele/sdk';
import { Gateway, type GatewayTask, share } from '../../../core/server/src/gateway/index.ts';
import { dialler, type Login } from '../ssh/dialler.ts';

const backend = { host: '127.0.0.1', port: Number(process.argv[2]) };
const task: GatewayTask = {
  id: 't',
  key: 'benchbenchbench1',
  name: 'bench',
  phase: 'running',
  isReady: true,
  scheme: 'http',
};
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const never: Disposable = { [Symbol.dispose]() {} };
const direct = { isDirect: true, dial: () => Promise.reject(new Error('not dialled')) };
/** Told as JSON where the task is behind an SSH server. */
const login = process.argv[3];
const via = login === undefined ? direct : await dialler(JSON.parse(login) as Login);

const server = createServer();
const port = (): number => (server.address() as AddressInfo).port;
const gateway = new Gateway({
  mode: { kind: 'subdomain', domain: 'tasks.localhost', scheme: 'http', port },
  tasks: {
    find: (key) => (key === task.key ? task : undefined),
    reach: () => Promise.resolve({ address: backend, via }),
    onChange: () => never,
  },
  sessions: { mayEnter: () => Promise.resolve(true), onRevoked: () => never },
  taskPage: (key) => `http://localhost/tasks/${key}`,
  secret: Buffer.alloc(32, 1),
  log: silent,
  limits: { webSocketsPerTask: 10_000 },
});
share(server, gateway, (_req, res) => res.writeHead(404).end());

server.listen(0, '127.0.0.1', 4096, () => void enter());

/** Goes in as a browser does, and tells the benchmark what it has to send. */
async function enter(): Promise<void> {
  const url = new URL(await gateway.issueTicket({ task: task.key, user: 'u', session: 's' }));
  const options = { host: '127.0.0.1', port: port(), path: url.pathname + url.search, headers: { host: url.host } };
  request(options, (answer) => {
    answer.resume();
    const cookie = (answer.headers['set-cookie']?.[0] ?? '').split(';')[0];
    const headers = { Host: url.host, Cookie: cookie, Origin: url.origin };
    process.stdout.write(`${JSON.stringify({ port: port(), headers })}\n`);
  }).end();
}
