import assert from 'node:assert/strict';
import type { Address, ContainerOperator, ContainerSpec } from '@stele/sdk';
import { describeContainerEngine, inTime, shellBehaviours, skip } from '@stele/sdk/testing';
import { LocalHost } from '../../plugins/access/local/src/server/local-host.ts';
import { apiWorld, type Subject, behindApi } from './api-world.ts';
import { bringUp, importTiny, tinyImage } from './bed.ts';

/** Counts the connections that are made through it. */
class CountingHost extends LocalHost {
  dials = 0;

  override dial(address: Address, signal: AbortSignal): ReturnType<LocalHost['dial']> {
    this.dials += 1;
    return super.dial(address, signal);
  }
}

for (const [bed, command] of [
  ['podman', 'podman'],
  ['docker', '/usr/bin/docker'],
] as const) {
  describe(`${bed} by its API`, function () {
    before(async function () {
      this.timeout(300_000);
      const why = await bringUp(bed);
      if (why !== undefined) return skip(this, why);
      await importTiny([command]);
    });

    // Docker's API meets the kit where it is reached by TLS.
    if (bed === 'podman') describeContainerEngine({ describe, it, before, after }, { open: () => apiWorld(bed) });

    describe('many containers', function () {
      this.timeout(180_000);
      const label = Math.random().toString(36).slice(2);
      const names = Array.from({ length: 6 }, (_, index) => `stele-many-${label}-${index}`);
      const host = new CountingHost();
      let subject: Subject;
      let operator: ContainerOperator;
      const signal = (): AbortSignal => inTime(90_000);
      const phases = async (): Promise<readonly unknown[]> => {
        const states = await operator.observe(names, signal());
        return names.map((name) => states.get(name)?.phase);
      };
      const dialled = async (work: () => Promise<unknown>): Promise<number> => {
        const before = host.dials;
        await work();
        return host.dials - before;
      };

      before(async () => {
        subject = await behindApi(bed);
        operator = subject.engine.operator(host);
        const parts = { image: tinyImage, env: {}, binds: [], labels: { 'stele.many': label } };
        const spec = (name: string): ContainerSpec => ({ ...parts, name, args: shellBehaviours.stay() });
        for (const name of names) await operator.start(spec(name), signal());
      });
      after(async () => {
        for (const name of await operator.find('stele.many', label, signal())) await operator.remove(name, signal());
        await subject[Symbol.asyncDispose]();
      });

      it('are seen by one question', async () => {
        await phases();
        const running = names.map(() => 'running');
        assert.equal(await dialled(async () => assert.deepEqual(await phases(), running)), 1);
      });

      it('are asked for one by one where something has changed', async () => {
        await operator.stop(names[0] ?? '', 1, signal());
        await operator.remove(names[1] ?? '', signal());
        const now = ['ended', 'absent', 'running', 'running', 'running', 'running'];
        assert.equal(await dialled(async () => assert.deepEqual(await phases(), now)), 3);
      });
    });
  });
}
