import assert from 'node:assert/strict';
import { rejectsWith, testCall, watchLeftovers } from '@stele/sdk/testing';
import { DirectDialer } from '../../core/server/src/network/index.ts';
import { greet, handle, newKey, Stage } from './lib/stage.ts';
import { knownKey } from './lib/stand-in.ts';

describe('Fargate, checked and reached', function () {
  this.timeout(30_000);
  watchLeftovers({ describe, it, before, after });
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  describe('a check names what fails', () => {
    for (const [what, change, code, field] of [
      ['the cluster', { cluster: 'other' }, 'NOT_FOUND', 'conf.cluster'],
      ['the log group', { logGroup: '/other' }, 'NOT_FOUND', 'conf.logGroup'],
      ['the endpoint', { endpoint: 'http://127.0.0.1:1' }, 'UNREACHABLE', undefined],
      ['a way without TLS', { endpoint: 'http://10.0.0.1' }, 'DENIED', 'conf.endpoint'],
    ] as const) {
      it(what, async () => {
        const changed = { ...stage.resource, conf: { ...stage.resource.conf, ...change } };
        const error = await rejectsWith(code, stage.make().describe(changed, testCall()));
        assert.equal(error.field, field);
      });
    }

    it('a name that there isn’t', async () => {
      const changed = {
        ...stage.resource,
        conf: { ...stage.resource.conf, logsEndpoint: 'https://logs.none.invalid' },
      };
      const error = await rejectsWith('UNREACHABLE', stage.make().describe(changed, testCall()), 'conf.logsEndpoint');
      assert.match(error.message, /^DNS: /);
    });

    it('a port without TLS', async () => {
      const endpoint = stage.aws.endpoint.replace('http:', 'https:');
      const changed = { ...stage.resource, conf: { ...stage.resource.conf, endpoint } };
      const error = await rejectsWith('UNREACHABLE', stage.make().describe(changed, testCall()), 'conf.endpoint');
      assert.match(error.message, /^TLS: /);
    });

    it('the networks', async () => {
      const changed = { ...stage.resource, conf: { ...stage.resource.conf, networks: ['10.0.0.0/99'] } };
      await rejectsWith('INVALID', stage.make().describe(changed, testCall()), 'conf.networks');
    });

    it('the key', async () => {
      const credentials = { accessKeyId: 'AKIAOTHER', secretAccessKey: 'canary-secret' };
      const error = await rejectsWith(
        'DENIED',
        stage.make({ credentials }).describe(stage.resource, testCall()),
        'credentials',
      );
      assert(!JSON.stringify([error.message, error.raw]).includes('canary-secret'));
    });

    it('the right', async () => {
      stage.aws.faults.deny('DescribeClusters');
      const error = await rejectsWith('DENIED', stage.make().describe(stage.resource, testCall()));
      assert.match(error.message, /ecs:DescribeClusters/);
    });

    it('the subnets, when something is run', async () => {
      const changed = { ...stage.resource, conf: { ...stage.resource.conf, subnets: ['subnet-00000000'] } };
      await rejectsWith(
        'INVALID',
        stage.make().submit(changed, greet(newKey()), () => undefined, testCall()),
        'conf.subnets',
      );
    });
  });

  describe('reach', () => {
    it('leads into the networks of the resource alone', async () => {
      const key = newKey();
      const driver = stage.make();
      const ref = await stage.submit(driver, greet(key));
      await stage.until(driver, handle(key, ref), 'running');
      const elsewhere = { ...stage.resource, conf: { ...stage.resource.conf, networks: ['10.0.0.0/8'] } };
      const { address, via } = await driver.reach(elsewhere, handle(key, ref), testCall());
      await rejectsWith('DENIED', via.dial(address, testCall().signal));
    });

    it('never leads to the platform itself, whatever ECS says', async () => {
      const key = newKey();
      const driver = stage.make({ direct: new DirectDialer() });
      const ref = await stage.submit(driver, greet(key));
      await stage.until(driver, handle(key, ref), 'running');
      const { address, via } = await driver.reach(stage.resource, handle(key, ref), testCall());
      assert.equal(via.isDirect, false);
      const error = await rejectsWith('DENIED', via.dial(address, testCall().signal));
      assert.match(error.message, /platform itself/);
    });
  });

  describe('without keys of its own', () => {
    const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_EC2_METADATA_DISABLED', 'HOME'] as const;
    const before = names.map((name) => process.env[name]);
    const put = (values: readonly (string | undefined)[]): void =>
      names.forEach((name, index) => {
        if (values[index] === undefined) delete process.env[name];
        else process.env[name] = values[index];
      });
    afterEach(() => put(before));

    it('takes those of the machine', async () => {
      put([knownKey, 'secret', 'true', '/nonexistent']);
      const { engines } = await stage.make().describe({ ...stage.resource, auth: 'none' }, testCall());
      assert.equal(engines.length, 1);
    });

    it('says so where the machine has none', async () => {
      put([undefined, undefined, 'true', '/nonexistent']);
      const error = await rejectsWith(
        'DENIED',
        stage.make().describe({ ...stage.resource, auth: 'none' }, testCall()),
        'auth',
      );
      assert.match(error.message, /IAM role/);
    });
  });
});
