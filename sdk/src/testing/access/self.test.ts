import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect, failures } from '../collect.ts';
import { memoryTrees } from '../reference/memory-world.ts';
import { type HostFault, PlainAccess, reap } from '../reference/plain-host.ts';
import type { Runner } from '../runner.ts';
import { type AccessMethodSubject, describeAccessMethod } from './index.ts';

/** What an access method may get wrong, and the test that must find it. */
const caught: Record<HostFault, RegExp> = {
  'runs commands in a shell': /hands over "\$\(id\)"/,
  'lets commands run on': /ends a process whose caller gives up/,
  'leaves what a command started': /ends the command and what it started/,
  'asks but never insists': /insists after two seconds/,
  'kills at once': /asked to, gently/,
  'forgets the input': /hands over the input/,
  'never ends the input': /hands over the input/,
  'mixes the outputs': /two outputs apart/,
  'tells no signals': /128 \+ n/,
  'takes all output there is': /prints more than asked for/,
  'says 127 for no program': /not as a line for a shell/,
  'leaves commands when its lease ends': /with its lease/,
  'ends with the call that opened it': /call that opened it is over/,
  'lets nobody use a host twice': /another user of it has ended/,
  'calls each lease a connection': /leases of one connection/,
  'waits for output to be read to the end': /still holds its output/,
  'dials anything': /what is no address/,
  'closes what it dialled halfway': /carries bytes both ways \(tcp\)/,
  'minds a folder that is there': /content when it is there/,
  'makes folders for all': /content when it is there/,
  'follows no links': /follows links/,
  'takes any path': /no absolute path/,
};

const folder = await mkdtemp(join(tmpdir(), 'stele-kit-'));
let sockets = 0;

const listen: AccessMethodSubject['listen'] = async (kind) => {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  sockets += 1;
  const path = join(folder, `${sockets}.sock`);
  server.listen(kind === 'socket' ? { path } : { host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: kind === 'socket' ? { socket: path } : { host: '127.0.0.1', port },
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
};

async function subject(fault?: HostFault): Promise<AccessMethodSubject> {
  return {
    method: new PlainAccess(fault),
    target: { resource: 'r1', auth: 'none', conf: {} },
    folder: await mkdtemp(join(folder, 'run-')),
    listen,
    trees: memoryTrees(),
  };
}

describe('kit of access methods', function () {
  this.timeout(60_000);
  afterEach(reap);
  after(() => rm(folder, { recursive: true }));

  it('finds nothing wrong with a method that keeps the contract', async () => {
    const good = await subject();
    const results = await collect((runner) => describeAccessMethod(runner, good));
    assert(results.length > 100, `${results.length} tests`);
    assert.deepEqual(failures(results), []);
  });

  for (const [fault, test] of Object.entries(caught)) {
    it(`catches a method that ${fault}`, async () => {
      const broken = await subject(fault as HostFault);
      const kit = (runner: Runner) => describeAccessMethod(runner, broken);
      assert.notDeepEqual(failures(await collect(kit, { only: test, limit: 6_000 })), []);
    });
  }
});
