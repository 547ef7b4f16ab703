import assert from 'node:assert/strict';
import type { Runner } from '../runner.ts';
import type { Bench } from './subject.ts';

export function describeDescribing({ describe, it }: Runner, bench: () => Bench): void {
  describe('what it says of itself', () => {
    it('accepts the access and the credentials that the resource has', () => {
      const { driver, resource } = bench().world;
      const accepted = driver.accepts.some((row) => row.access === resource.access && row.auth.includes(resource.auth));
      assert(accepted, `${resource.access} with ${resource.auth} must be in the table`);
    });

    it('has a schema for its settings', () => {
      assert.equal(bench().world.driver.conf['type'], 'object');
    });

    it('describes the resource', async () => {
      const { driver, resource } = bench().world;
      const description = await driver.describe(resource, bench().call());
      assert(description.architectures.length > 0, 'something runs natively');
      assert(description.engines.length > 0, 'there is an engine');
      for (const { label, value } of description.facts) assert(label !== '' && value !== '', 'facts are for people');
      assert.deepEqual(JSON.parse(JSON.stringify(description.detail)), description.detail, 'plain data');
    });

    it('has a schema for launch options, and refuses others', async () => {
      const { driver, resource } = bench().world;
      const schema = driver.options(resource, await driver.describe(resource, bench().call()));
      assert.equal(schema['type'], 'object');
      assert.equal(schema['additionalProperties'], false, 'what the schema doesn’t name must be refused');
      assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema, 'plain data');
    });

    it('shows what it would send, without secrets, and sends nothing', async () => {
      const { driver, resource, behaviours } = bench().world;
      const plain = behaviours.print(['x'], 0);
      const launch = bench().launch({ ...plain, env: { ...plain.env, KIT_SECRET: 'canary-7f3a' } });
      const { text } = await driver.preview(resource, launch, bench().call());
      assert(text.includes(launch.key), 'a preview names the task');
      assert(!text.includes('canary-7f3a'), 'a preview shows no value of the environment');
      assert.equal((await bench().see({ key: launch.key, who: bench().call().who })).phase, 'absent');
    });
  });
}
