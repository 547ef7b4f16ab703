import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContainerEngines } from '@stele/sdk';
import { describeContainerEngine, type EngineWorld, eventually, inTime, rejectsWith, skip } from '@stele/sdk/testing';
import { serviceDialect } from '../../examples/plugins/podman-service/src/server/dialect.ts';
import { ServiceLog } from '../../examples/plugins/podman-service/src/server/service-log.ts';
import { LocalHost } from '../../plugins/access/local/src/server/local-host.ts';
import { bringUp, importTiny } from '../engines/bed.ts';
import { engineWorld, greeting } from '../engines/world.ts';
import { Abroad } from './yard.ts';

const id = 'podman-service';

describe('the example engine', function () {
  let folder: string;
  let service: ChildProcess;
  let abroad: Abroad;

  before(async function () {
    this.timeout(300_000);
    const missing = await bringUp('podman');
    if (missing !== undefined) return skip(this, missing);
    await importTiny(['podman']);
    folder = await mkdtemp(join(tmpdir(), 'stele-service-'));
    const socket = join(folder, 'podman.sock');
    service = spawn('podman', ['system', 'service', '--time', '0', `unix://${socket}`], { stdio: 'ignore' });
    abroad = await Abroad.open(id, { [id]: { socket } });
    const { host, engine } = theirs();
    await eventually('the service answers', () =>
      engine
        .operator(host)
        .status(inTime(5_000))
        .then(Boolean, () => false),
    );
  });

  after(async () => {
    await abroad?.close();
    if (service?.kill()) await once(service, 'exit');
    if (folder) await rm(folder, { recursive: true });
  });

  const theirs = () => {
    const engine = abroad.host.registry(ContainerEngines).get(id);
    assert(engine, 'the plugin added its engine');
    return { host: new LocalHost(), engine };
  };

  it('answers UNSUPPORTED where no service listens, with what to do', async () => {
    const nowhere = await Abroad.open(id, { [id]: { socket: join(folder, 'none.sock') } });
    const operator = nowhere.host.registry(ContainerEngines).get(id)?.operator(new LocalHost());
    const error = await rejectsWith('UNSUPPORTED', Promise.resolve(operator?.status(inTime(5_000))));
    await nowhere.close();
    assert.match(error.message, /podman\.socket/);
  });

  it('shows administrators which services it asked', async () => {
    const caller = { userId: '0197a3c0-0000-7000-8000-000000000001', role: 'admin' } as const;
    const response = await abroad.host.handler(id)?.(new Request('http://plugin.invalid/services'), caller);
    assert(response, 'the plugin has a route');
    const { items } = (await response.json()) as { items: { host: string; answer: { version: string } }[] };
    assert.equal(items.length, 1);
    assert.match(items[0]?.answer.version ?? '', /^\d+\.\d+/);
  });

  describeContainerEngine({ describe, it, before, after }, { open: world });

  /** The kit's usual world on this machine, with the engine that the plugin added. */
  async function world(): Promise<EngineWorld> {
    const slow = (command = 'podman') => serviceDialect({ command, socket: '/nowhere' }, new ServiceLog());
    return { ...(await engineWorld(slow)), engine: theirs().engine, greetingAt: (port) => greeting(port) };
  }
});
