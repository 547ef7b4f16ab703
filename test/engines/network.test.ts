import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import type { ContainerOperator, ContainerSpec } from '@stele/sdk';
import { eventually, inTime, shellBehaviours, skip } from '@stele/sdk/testing';
import { LocalHost } from '../../plugins/access/local/src/server/local-host.ts';
import { type Subject, subjects } from './api-world.ts';
import { bringUp, importTiny, tinyImage } from './bed.ts';

const run = promisify(execFile);
const { knock, stay, print } = shellBehaviours;
const names = ['host.containers.internal', 'host.docker.internal'];

for (const [title, bed, command, open] of subjects) {
  describe(`the network of containers in ${title}`, function () {
    this.timeout(60_000);
    const host = new LocalHost();
    let subject: Subject;
    let operator: ContainerOperator;
    const label = Math.random().toString(36).slice(2);
    const signal = (): AbortSignal => inTime(30_000);
    let platform: Server;

    before(async function () {
      this.timeout(300_000);
      const why = await bringUp(bed);
      if (why !== undefined) return skip(this, why);
      await importTiny([command]);
      subject = await open();
      operator = subject.engine.operator(host);
      platform = createServer((socket) => socket.end('platform\n')).listen(0, '127.0.0.1');
      await once(platform, 'listening');
    });

    after(async () => {
      platform?.close();
      for (const name of await operator.find('stele.network', label, signal())) await operator.remove(name, signal());
      await subject[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
    });

    const spec = (args: readonly string[] = stay()): ContainerSpec => {
      const name = `stele-network-${Math.random().toString(36).slice(2, 12)}`;
      return { name, image: tinyImage, env: {}, binds: [], labels: { 'stele.network': label }, args };
    };

    const output = async (wanted: ContainerSpec): Promise<string> => {
      await operator.start(wanted, signal());
      const hasEnded = async (): Promise<boolean> =>
        (await operator.observe([wanted.name], signal())).get(wanted.name)?.phase === 'ended';
      await eventually('it ends', hasEnded, 30_000);
      return Buffer.concat(await Array.fromAsync(operator.logs(wanted.name, {}, signal()))).toString();
    };

    it('doesn’t lead to what listens on the host’s loopback, by no address of the host', async () => {
      const { port } = platform.address() as AddressInfo;
      const running = spec();
      await operator.start(running, signal());
      const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
      const addresses = all.filter(({ internal, family }) => !internal && family === 'IPv4').map((one) => one.address);
      assert(addresses.length > 1, 'the host has a bridge at which the container would find it');
      const said = (await output(spec(knock?.([...addresses, ...names], port)))).split('\n').filter(Boolean);
      assert.equal(said[0], '127.0.0.1 hello');
      assert.equal(said.length, 1 + addresses.length + names.length);
      assert(!said.join('\n').includes('platform'), said.join('\n'));
    });

    it('leads out', async () => {
      const { stdout } = await run('ip', ['-o', '-4', 'route', 'get', '198.51.100.1']);
      const [, own = ''] = /\bsrc (\S+)/.exec(stdout) ?? [];
      const outside = createServer((socket) => socket.end('outside\n')).listen(0, own);
      await once(outside, 'listening');
      const { port } = outside.address() as AddressInfo;
      const said = await output(spec(knock?.([own], port)));
      outside.close();
      assert.match(said, new RegExp(`^${own} outside$`, 'm'));
    });

    it('is gone with the container, and nothing is left where none could be made', async () => {
      const missing = { ...spec(), image: { ...tinyImage, tag: 'no-such-tag' } };
      await assert.rejects(operator.start(missing, signal()));
      const ends = spec(print(['x'], 0));
      await output(ends);
      await operator.remove(ends.name, signal());
      const left = (await run(command, ['network', 'ls', '--format', '{{.Name}}'])).stdout.split('\n');
      for (const { name } of [missing, ends]) assert(!left.includes(name), `${name} must be gone`);
    });

    it('is found when the platform died before it made the container, and after it removed it', async () => {
      const cut = spec();
      const [[program, ...args] = []] = await operator.preview(cut, signal());
      if (!args.some((argument) => argument.includes(cut.name))) return;
      await run(program ?? '', args);
      assert.deepEqual(await operator.find('stele.network', label, signal()).then(only(cut.name)), [cut.name]);
      assert.equal((await operator.observe([cut.name], signal())).get(cut.name)?.phase, 'absent');
      await operator.start(cut, signal());
      assert.equal((await operator.observe([cut.name], signal())).get(cut.name)?.phase, 'running');
      await run(command, ['rm', '--force', '--time', '0', cut.name]);
      assert.deepEqual(await operator.find('stele.network', label, signal()).then(only(cut.name)), [cut.name]);
      await operator.remove(cut.name, signal());
      assert.deepEqual(await operator.find('stele.network', label, signal()).then(only(cut.name)), []);
    });

    it('is the same for callers who are the first at once', async () => {
      const first = [spec(), spec(), spec(), spec()];
      await Promise.all(first.map((one) => subject.engine.operator(host).start(one, signal())));
      const states = await operator.observe(
        first.map(({ name }) => name),
        signal(),
      );
      assert.deepEqual(
        [...states.values()].map(({ phase }) => phase),
        first.map(() => 'running'),
      );
    });

    it('is shown to people', async () => {
      const { network } = await operator.status(signal());
      assert(network);
      const commands = await operator.preview(spec(), signal());
      const text = commands.map((argv) => argv.join(' '));
      assert(text.some((line) => /\bnetwork create\b|\/networks\/create\b/.test(line)));
      assert(text.some((line) => /--network|"NetworkMode"|"Networks"/.test(line)));
    });
  });
}

function only(name: string): (names: readonly string[]) => readonly string[] {
  return (all) => all.filter((one) => one === name);
}
