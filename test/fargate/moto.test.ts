import assert from 'node:assert/strict';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateClusterCommand, DescribeTasksCommand, ECSClient, ListTaskDefinitionsCommand } from '@aws-sdk/client-ecs';
import type { Launch, TaskHandle } from '@stele/sdk';
import { rejectsWith, skip, testCall, testUser } from '@stele/sdk/testing';
import { streamOf } from '../../plugins/computing/fargate/src/server/launch/definition.ts';
import { bringMoto, endMoto, idsOf, motoEndpoint, steps } from './lib/moto.ts';
import { behaviours, makeDriver, quick, resourceAt } from './lib/world.ts';

/** An implementation that others have made: what our own stand-in understands, we may both have misunderstood. */
describe('Fargate at moto', function () {
  this.timeout(60_000);
  const { driver, connections } = makeDriver({ timing: { ...quick, image: 1, lag: 0 } });
  const client = {
    endpoint: motoEndpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIABED', secretAccessKey: 'x' },
  };
  const ecs = new ECSClient(client);
  const logs = new CloudWatchLogsClient(client);
  const cluster = `bed-${process.pid}`;
  const logGroupName = `/stele/${process.pid}`;
  let resource = resourceAt(motoEndpoint);

  before(async function () {
    this.timeout(300_000);
    const reason = await bringMoto();
    if (reason !== undefined) return skip(this, reason);
    await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    const [subnets, groups] = [await idsOf('DescribeSubnets', 'subnet'), await idsOf('DescribeSecurityGroups', 'sg')];
    const places = { subnets: subnets.slice(0, 2), securityGroups: groups.slice(0, 1) };
    resource = resourceAt(motoEndpoint, { cluster, logGroup: logGroupName, ...places });
    await steps(1_000);
  });
  after(async () => {
    for (const one of [ecs, logs]) one.destroy();
    connections[Symbol.dispose]();
    await endMoto();
  });

  const launched = async (key: string, parts: Partial<Launch> = {}): Promise<TaskHandle> => {
    const launch = { ...behaviours.greet(), key, ...parts };
    return { key, ref: await driver.submit(resource, launch, () => undefined, testCall()), who: testUser };
  };
  const phaseOf = async (task: TaskHandle) => (await driver.observe(resource, [task], testCall())).get(task.key)?.phase;

  it('is described, or says what is missing', async () => {
    const { facts, engines } = await driver.describe(resource, testCall());
    assert.equal(engines[0]?.id, 'fargate');
    assert(facts.some(({ value }) => value.includes(cluster)));
    const other = { ...resource, conf: { ...resource.conf, cluster: 'nowhere' } };
    await rejectsWith('NOT_FOUND', driver.describe(other, testCall()), 'conf.cluster');
    const unlogged = { ...resource, conf: { ...resource.conf, logGroup: '/nowhere' } };
    await rejectsWith('NOT_FOUND', driver.describe(unlogged, testCall()), 'conf.logGroup');
  });

  it('runs a task, and finds it by its key', async () => {
    const key = 'moto000000000001';
    const task = await launched(key);
    assert.equal(await phaseOf(task), 'running');
    assert.equal(await phaseOf({ key, who: testUser }), 'running');
    assert.equal((await launched(key)).ref, task.ref);
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task.ref ?? ''], include: ['TAGS'] }));
    assert.deepEqual(tasks?.[0]?.tags, [{ key: 'stele:task', value: key }]);
    assert.equal(tasks?.[0]?.launchType, 'FARGATE');
  });

  it('registers a definition once', async () => {
    const count = async () => (await ecs.send(new ListTaskDefinitionsCommand({}))).taskDefinitionArns?.length;
    await launched('moto000000000002', { env: { AUTH_PASS: 'x' } });
    const first = await count();
    await launched('moto000000000003', { options: { cpus: 1 } });
    assert.equal(await count(), first);
  });

  it('reads the address of a task’s own interface', async () => {
    const task = await launched('moto000000000004');
    const { address } = await driver.reach(resource, task, testCall());
    assert('port' in address);
    assert.match(address.host, /^\d+\.\d+\.\d+\.\d+$/);
    assert.equal(address.port, 8080);
  });

  it('reads a log, whole or its end, and takes it away', async () => {
    const task = await launched('moto000000000005');
    const logStreamName = streamOf(task.ref?.split('@')[0] ?? '');
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    const logEvents = ['a', 'b', 'c'].map((message, index) => ({ message, timestamp: Date.now() + index }));
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    const read = async (tail?: number) =>
      Buffer.concat(
        await Array.fromAsync(driver.logs(resource, task, tail === undefined ? {} : { tail }, testCall())),
      ).toString();
    assert.equal(await read(), 'a\nb\nc\n');
    assert.equal(await read(2), 'b\nc\n');
    await driver.clean(resource, task, testCall());
    await rejectsWith('NOT_FOUND', read());
    assert.equal(await phaseOf(task), 'absent');
  });

  it('asks a task to end, which is told', async () => {
    const task = await launched('moto000000000006');
    await driver.cancel(resource, task, testCall());
    const seen = (await driver.observe(resource, [task], testCall())).get(task.key);
    assert.equal(seen?.phase, 'ended');
    await driver.cancel(resource, task, testCall());
  });

  it('says that it doesn’t know a task', async () => {
    assert.equal(await phaseOf({ key: 'moto000000000007', ref: 'f'.repeat(32), who: testUser }), 'absent');
  });
});
