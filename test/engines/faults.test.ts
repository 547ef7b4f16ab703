import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ContainerOperator, type ErrorCode, hasCode, type Host } from '@stele/sdk';
import { CliEngine, type Dialect } from '@stele/sdk/oci-cli';
import { inTime, rejectsWith } from '@stele/sdk/testing';
import { LocalHost } from '../../plugins/access/local/src/server/local-host.ts';
import { StandaloneDriver } from '../../plugins/computing/standalone/src/server/driver.ts';
import { tinyImage } from './bed.ts';
import { localHosts, localResource, registryOf } from './standalone-world.ts';
import { docker, fakeProgram, podman } from './world.ts';
import { testCall } from '@stele/sdk/testing';

const spec = { name: 'stele-fault', image: tinyImage, env: {}, binds: [], labels: {} };
const line =
  '{"id":"x","name":"stele-a","state":{"Status":"running","ExitCode":0,"StartedAt":"2030-01-01T00:00:00Z","FinishedAt":"0001-01-01T00:00:00Z"}}';

/** What a broken client does, and what has to be made of it when it is asked for the states of `stele-a` and `stele-b`. */
const answers: readonly (readonly [string, string, ErrorCode])[] = [
  ['says nothing and is content', 'exit 0', 'PROTOCOL'],
  ['says nothing and fails', 'exit 125', 'PROTOCOL'],
  ['prints what nobody understands', 'echo "<html>"', 'PROTOCOL'],
  ['breaks off in the middle', 'printf \'{"id":"x","na\'', 'PROTOCOL'],
  ['speaks of one of two', `echo '${line}'`, 'PROTOCOL'],
  ['is killed', 'kill -KILL $$', 'PROTOCOL'],
  [
    'has no daemon',
    'echo "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?" >&2; exit 1',
    'UNSUPPORTED',
  ],
  [
    'may not ask its daemon',
    'echo "permission denied while trying to connect to the Docker daemon socket" >&2; exit 1',
    'DENIED',
  ],
];

for (const [id, dialectFor] of [
  ['podman', podman],
  ['docker', docker],
] as const) {
  describe(`${id} with a client that`, () => {
    let folder = '';
    let host: Host;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'stele-faults-'));
      host = new LocalHost();
    });
    after(async () => {
      await host[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    });
    const operator = (command: string): ContainerOperator => new CliEngine(dialectFor({ command })).operator(host);
    const signal = (): AbortSignal => inTime(10_000);

    it('is not there: says what to install', async () => {
      const missing = operator('/no/such/client');
      for (const work of [
        missing.status(signal()),
        missing.observe(['stele-a'], signal()),
        missing.start(spec, signal()),
      ]) {
        const error = await rejectsWith('UNSUPPORTED', work);
        assert.match(error.message, /not installed on this machine\. Install/);
      }
    });

    for (const [what, script, code] of answers) {
      it(`${what}: ${code}, and no word of absence`, async () => {
        const client = operator(await fakeProgram(folder, script));
        await rejectsWith(code, client.observe(['stele-a', 'stele-b'], signal()));
        await rejectsWith(code, client.status(signal()));
      });
    }

    it('floods: is ended', async () => {
      const client = operator(await fakeProgram(folder, 'exec yes'));
      await rejectsWith('PROTOCOL', client.find('stele.task', 'x', signal()));
    });
  });
}

describe('a host', () => {
  const describeHost = (dialects: Readonly<Record<string, Dialect>>) =>
    new StandaloneDriver(localHosts, registryOf(dialects)).describe(localResource, testCall());

  it('without any engine says what each would need', async () => {
    const dialects = { podman: podman({ command: '/no/such/podman' }), docker: docker({ command: '/no/such/docker' }) };
    const error = await rejectsWith('UNSUPPORTED', describeHost(dialects));
    assert.match(error.message, /Podman is not installed.*Docker is not installed/);
  });

  it('without any plugin for engines says so', async () => {
    const error = await describeHost({}).catch((reason: unknown) => reason);
    assert(hasCode(error, 'UNSUPPORTED'));
  });
});
