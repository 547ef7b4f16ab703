import assert from 'node:assert/strict';
import { eventually, rejectsWith } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { random, type Scene } from './subject.ts';
import { ended, logOf, printed, running, start } from './watch.ts';

/** Values that a shell, a quoting or a trimming would change. */
const oddValues: Readonly<Record<string, string>> = {
  KIT_PLAIN: 'value',
  KIT_EMPTY: '',
  KIT_BLANKS: '  two  ',
  KIT_QUOTES: `"double" 'single' \`back\``,
  KIT_SHELL: '$HOME $(id) ; | & > \\ * ?',
  KIT_HASH: '# not a comment',
  KIT_EQUALS: 'a=b=c',
  KIT_WORDS: 'grüße, 世界',
};

export function describeIsolation({ describe, it }: Runner, scene: () => Scene): void {
  describe('what a container has', () => {
    it('is its environment, byte for byte', async () => {
      const names = Object.keys(oddValues);
      const spec = scene().spec(scene().world.behaviours.show(names), { env: oddValues });
      await start(scene(), spec);
      await ended(scene(), spec.name);
      assert.deepEqual((await logOf(scene(), spec.name)).split('\n').slice(0, -1), Object.values(oddValues));
    });

    it('is no value in any argument', async () => {
      const spec = scene().spec(scene().world.behaviours.stay(), { env: { SECRET: 'canary-7f3a' } });
      const commands = await scene().operator.preview(spec, scene().signal());
      assert(!JSON.stringify(commands).includes('canary-7f3a'), 'values of the environment never travel in argv');
    });

    it('is a port on the host’s loopback alone', async () => {
      if (!scene().world.engine.capabilities.portMapping) return;
      const spec = scene().spec(scene().world.behaviours.greet(8080), { port: 8080 });
      const { address } = await running(scene(), spec);
      assert(address !== undefined && 'port' in address, 'a published port has an address');
      assert.equal(address.host, '127.0.0.1');
      const isUp = async () => (await scene().world.greetingAt(address.port)).startsWith('hello');
      await eventually('the port answers', isUp, scene().patience);
    });

    it('is a port of its own', async () => {
      if (!scene().world.engine.capabilities.portMapping) return;
      const ports = await Promise.all(
        [1, 2].map(async () => {
          const spec = scene().spec(scene().world.behaviours.greet(8080), { port: 8080 });
          const { address } = await running(scene(), spec);
          return address && 'port' in address ? address.port : 0;
        }),
      );
      assert.equal(new Set(ports).size, 2, String(ports));
    });

    it('is no port unless it asks', async () => {
      const { address } = await running(scene(), scene().spec(scene().world.behaviours.stay()));
      assert.equal(address, undefined);
    });

    it('is a network that doesn’t lead to other containers', async () => {
      const { behaviours, engine } = scene().world;
      const { expose, knock } = behaviours;
      if (!engine.capabilities.networkIsolation || expose === undefined || knock === undefined) return;
      const open = scene().spec(expose(8080), { port: 8080 });
      const { address } = await running(scene(), open);
      await printed(scene(), open.name, 'up');
      assert(address && 'port' in address, 'a published port has an address');
      const isUp = async () => (await scene().world.greetingAt(address.port)).startsWith('hello');
      await eventually('the port answers', isUp, scene().patience);
      const hosts = (await logOf(scene(), open.name)).split('\n').filter((line) => line !== 'up' && line !== '');
      assert(hosts.length > 0, 'the container says where it is');
      const visitor = scene().spec(knock(hosts, 8080));
      await start(scene(), visitor);
      await ended(scene(), visitor.name);
      const [self, ...others] = (await logOf(scene(), visitor.name)).split('\n').filter(Boolean);
      assert.equal(self, '127.0.0.1 hello', 'the visitor can hear');
      assert.equal(others.length, hosts.length, 'the visitor has been everywhere');
      for (const line of others) assert.doesNotMatch(line, /hello/, 'a container must not reach another');
    });

    for (const name of ['plain', 'with blank', 'a,b', 'it’s "quoted"', 'c:d=e']) {
      it(`is a folder of the host that it writes to (${name})`, async () => {
        const { world } = scene();
        const file = random();
        const binds = [{ source: world.folder, target: `/kit/${name}`, readOnly: false }];
        const spec = scene().spec(world.behaviours.touch(`/kit/${name}/${file}`), { binds });
        await start(scene(), spec);
        assert.equal((await ended(scene(), spec.name)).exitCode, 0);
        assert.equal(await world.hasFile(file), true);
      });
    }

    it('is a folder of the host that it may only read', async () => {
      const { world } = scene();
      const binds = [{ source: world.folder, target: '/kit', readOnly: true }];
      const spec = scene().spec(world.behaviours.touch('/kit/forbidden'), { binds });
      await start(scene(), spec);
      assert.notEqual((await ended(scene(), spec.name)).exitCode, 0);
      assert.equal(await world.hasFile('forbidden'), false);
    });

    it('is no more memory than it was given, or it is told that it can’t be bounded', async () => {
      const { behaviours } = scene().world;
      if (behaviours.hog === undefined) return;
      const spec = scene().spec(behaviours.hog(), { memory: 32 * 1024 * 1024 });
      const { limits } = await scene().operator.status(scene().signal());
      if (!limits) return void (await rejectsWith('UNSUPPORTED', start(scene(), spec), 'memory'));
      let end: Awaited<ReturnType<typeof ended>> | undefined;
      // On a busy host an engine may miss once what the kernel said.
      for (let time = 1; time <= 3 && end?.outOfMemory !== true; time += 1) {
        const again = { ...spec, name: `${spec.name}-${time}` };
        await start(scene(), again);
        end = await ended(scene(), again.name);
      }
      assert.equal(end?.outOfMemory, true, JSON.stringify(end));
    });
  });
}
