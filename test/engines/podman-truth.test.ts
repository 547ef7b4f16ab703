import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ContainerOperator, ContainerSpec } from '@stele/sdk';
import { CliEngine } from '@stele/sdk/oci-cli';
import { inTime, shellBehaviours, skip, testCall } from '@stele/sdk/testing';
import { LocalHost } from '../../plugins/access/local/src/server/local-host.ts';
import { StandaloneDriver } from '../../plugins/computing/standalone/src/server/driver.ts';
import { bringUp, importTask, importTiny, tinyImage } from './bed.ts';
import { CommandLines } from '../e2e/lib/command-lines.ts';
import { localHosts, localResource, registryOf, task } from './standalone-world.ts';
import { fakeProgram, greeting, podman } from './world.ts';

const run = promisify(execFile);

describe('podman, seen from outside', function () {
  this.timeout(60_000);
  const host = new LocalHost();
  const made: string[] = [];
  let operator: ContainerOperator;

  before(async function () {
    this.timeout(300_000);
    const why = await bringUp('podman');
    if (why !== undefined) return skip(this, why);
    await importTiny(['podman']);
    await importTask(['podman']);
    operator = new CliEngine(podman()).operator(host);
  });

  after(async () => {
    for (const name of made) await operator.remove(name, inTime(30_000));
    await host[Symbol.asyncDispose]();
  });

  function spec(args: readonly string[], parts: Partial<ContainerSpec> = {}): ContainerSpec {
    const name = `stele-truth-${Math.random().toString(36).slice(2, 12)}`;
    made.push(name);
    return { name, image: tinyImage, env: {}, binds: [], labels: {}, args, ...parts };
  }

  const signal = (): AbortSignal => inTime(30_000);

  it('shows no secret in any process’s arguments while a container starts', async () => {
    const secret = `canary-${Math.random().toString(36).slice(2)}`;
    using lines = CommandLines.sample(2);
    await operator.start(spec(shellBehaviours.stay(), { env: { PASSWORD: secret } }), signal());
    assert.deepEqual(lines.end(secret), []);
  });

  it('makes its network though another’s interface goes while Podman looks at them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stele-late-'));
    const late = 'echo "Error: route ip+net: no such network interface" >&2; exit 125';
    const first = `case " $* " in *" network create "*) mkdir '${folder}/seen' 2>/dev/null && { ${late}; } ;; esac`;
    try {
      const command = await fakeProgram(folder, `${first}\nexec podman "$@"`);
      const starting = spec(shellBehaviours.stay());
      await new CliEngine(podman({ command })).operator(host).start(starting, signal());
      assert(existsSync(join(folder, 'seen')), 'the first time failed');
      assert.equal((await operator.observe([starting.name], signal())).get(starting.name)?.phase, 'running');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('opens a port on loopback and on no other address of the host', async () => {
    const greets = spec(shellBehaviours.greet(8080), { port: 8080 });
    await operator.start(greets, signal());
    const state = (await operator.observe([greets.name], signal())).get(greets.name);
    assert(state?.phase === 'running' && state.address && 'port' in state.address);
    const { port } = state.address;
    while ((await greeting(port)) === '') await new Promise((resolve) => setTimeout(resolve, 50));
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    assert(others.length > 0, 'the host has another address');
    for (const { address } of others)
      assert.equal(await greeting(port, address), '', `${address}:${port} must be closed`);
  });

  it('starts a container that was made when the platform died, and only once', async () => {
    const key = Array.from({ length: 16 }, () => 'abcdefghijklmnop'[Math.floor(Math.random() * 16)]).join('');
    const driver = new StandaloneDriver(localHosts, registryOf({ podman: podman() }));
    made.push(`stele-${key}`);
    const launch = { ...task('echo ran; exec sleep 60'), key };
    const { text } = await driver.preview(localResource, launch, testCall());
    assert.match(text, new RegExp(`podman create .*--name stele-${key}`));
    const image = 'localhost/stele/tiny-task:1';
    await run('podman', [
      'create',
      '--name',
      `stele-${key}`,
      '--pull',
      'never',
      '--env',
      'SCRIPT=echo ran; exec sleep 60',
      image,
    ]);
    const handle = { key, who: testCall().who };
    assert.equal((await driver.observe(localResource, [handle], testCall())).get(key)?.phase, 'starting');
    const ref = await driver.submit(localResource, launch, () => undefined, testCall());
    assert.equal(await driver.submit(localResource, launch, () => undefined, testCall()), ref);
    const seen = (await driver.observe(localResource, [handle], testCall())).get(key);
    assert(seen?.phase === 'running' && seen.ref === ref, JSON.stringify(seen));
    await driver.clean(localResource, handle, testCall());
  });

  it('removes a container that is stopped before it was ever started', async () => {
    const { name } = spec([]);
    await run('podman', ['create', '--name', name, '--pull', 'never', 'localhost/stele/tiny:1']);
    await operator.stop(name, 1, signal());
    assert.equal((await operator.observe([name], signal())).get(name)?.phase, 'absent');
  });

  it('picks another port when the one it picked was taken meanwhile', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const taken = (other.address() as AddressInfo).port;
    const greets = spec(shellBehaviours.greet(8080), { port: 8080 });
    await run('podman', [
      'create',
      '--name',
      greets.name,
      '--pull',
      'never',
      '--publish',
      `127.0.0.1:${taken}:8080`,
      'localhost/stele/tiny:1',
    ]);
    await operator.start(greets, signal());
    other.close();
    const state = (await operator.observe([greets.name], signal())).get(greets.name);
    assert(state?.phase === 'running' && state.address && 'port' in state.address);
    assert.notEqual(state.address.port, taken);
  });

  it('works with the machine’s own store and no configuration at all', async function () {
    this.timeout(120_000);
    const names = Object.keys(process.env).filter((name) => name.startsWith('CONTAINERS_'));
    const saved = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) delete process.env[name];
    const bare = new CliEngine(podman()).operator(host);
    const says = spec(shellBehaviours.print(['bare'], 0), { image: { ...tinyImage, tag: 'bare' } });
    try {
      await importTiny(['podman'], 'CMD ["sh"]', 'localhost/stele/tiny:bare');
      await bare.start(says, signal());
      for (;;) if ((await bare.observe([says.name], signal())).get(says.name)?.phase === 'ended') break;
      const chunks = await Array.fromAsync(bare.logs(says.name, {}, signal()));
      assert.equal(Buffer.concat(chunks).toString(), 'bare\n');
      await bare.remove(says.name, signal());
      await run('podman', ['rmi', 'localhost/stele/tiny:bare']);
    } finally {
      for (const [name, value] of saved) process.env[name] = value;
    }
  });
});
