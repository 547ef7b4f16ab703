import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import type { HostService } from '@stele/sdk';
import { describeComputingDriver, eventually, inTime, rejectsWith, skip } from '@stele/sdk/testing';
import { LocalHost } from '../../plugins/access/local/src/server/local-host.ts';
import { proxyScript } from '../../plugins/computing/kubernetes/src/server/ways/proxy-script.ts';
import { CommandLines } from '../e2e/lib/command-lines.ts';
import { noSshd, Sshd } from '../ssh/sshd.ts';
import { accessTo, targetOf } from '../ssh/world.ts';
import { type Bed, bedMissing, needBed, openBed } from './lib/bed.ts';
import { Tasks } from './lib/tasks.ts';
import { apiResource, kubectlResource, sshResource, Stage, worldOf } from './lib/world.ts';

const conf = { makeNamespaces: true };

interface Proxy {
  readonly id: number;
  /** Where its socket is, and perhaps its kubeconfig. */
  readonly folder: string;
}

/** Processes of kubectl that serve an API. */
async function proxies(kubectl: string): Promise<readonly Proxy[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = processes.map(async (id) => {
    // A process that has ended meanwhile has no arguments any more.
    const line = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    const [, folder] = /--unix-socket=(.*)\/api/.exec(line) ?? [];
    return line.startsWith(`${kubectl}\0`) && folder !== undefined ? [{ id: Number(id), folder }] : [];
  });
  return (await Promise.all(found)).flat();
}

describe('Kubernetes by kubectl', function () {
  this.timeout(120_000);
  let bed: Bed;

  before(async function () {
    bed = await needBed(this);
  });

  it('leaves no process and no folder when the platform lets go', async () => {
    let served: readonly Proxy[] = [];
    {
      await using own = new Tasks(kubectlResource(bed, { ...conf, kubeconfig: await bed.kubeconfig('token') }));
      await own.submit('true');
      served = await proxies(bed.kubectlPath);
      assert.equal(served.length, 1, 'one for all that is asked');
      assert.deepEqual(await readdir(served[0]?.folder ?? ''), ['api'], 'the kubeconfig has been read, and is gone');
    }
    await eventually('kubectl has ended', async () => (await proxies(bed.kubectlPath)).length === 0);
    await eventually('its folder is gone', () => !existsSync(served[0]?.folder ?? ''));
  });

  it('leaves none when the platform is killed: it ends with its standard input', async () => {
    await using host = new LocalHost();
    const argv = ['sh', '-c', proxyScript, 'stele', '0', bed.kubectlPath, 'proxy'];
    const child = await host.spawn(argv, {}, inTime(30_000));
    await once(child.stdout, 'data');
    const served = await proxies(bed.kubectlPath);
    assert.equal(served.length, 1);
    child.stdin.destroy();
    await eventually('kubectl has ended', async () => (await proxies(bed.kubectlPath)).length === 0);
    await eventually('its folder is gone', () => !existsSync(served[0]?.folder ?? ''));
  });

  it('takes the next kubectl when one has been killed: nothing is lost', async () => {
    await using own = new Tasks(kubectlResource(bed, conf));
    const task = await own.submit('trap "exit 0" TERM; while :; do sleep 0.2 & wait $!; done');
    await own.until(task, 'running');
    for (const { id } of await proxies(bed.kubectlPath)) process.kill(id, 'SIGKILL');
    await own.until(task, 'running');
    await own.cancel(task);
    await own.until(task, 'ended');
  });

  it('shows no secret among the arguments of processes', async () => {
    await using own = new Tasks(kubectlResource(bed, { ...conf, kubeconfig: await bed.kubeconfig('token') }));
    using lines = CommandLines.sample(2);
    const task = await own.submit('true', { env: { PASSWORD: 'canary-4c1f' } });
    await own.until(task, 'ended');
    assert.deepEqual(lines.end('canary-4c1f', 'st3le-t0ken'), []);
  });

  it('says what is wrong: no kubectl, no kubeconfig, a command that nobody allowed', async () => {
    const describing = async (parts: object): Promise<unknown> => {
      await using own = new Tasks(kubectlResource(bed, parts as never));
      return await own.stage.driver.describe(own.resource, own.call(30));
    };
    const missing = await rejectsWith('UNSUPPORTED', describing({ kubectl: '/nowhere/kubectl' }), 'conf.kubectl');
    assert.match(missing.message, /no kubectl on/);
    const lost = await rejectsWith('UNREACHABLE', describing({ kubeconfigFile: '/nowhere/config' }));
    assert.match(lost.message, /kubectl on/);
    const exec = 'exec: { apiVersion: client.authentication.k8s.io/v1, command: /bin/true }';
    const kubeconfig = (await bed.kubeconfig('token')).replace(/token: .*/, exec);
    await rejectsWith('INVALID', describing({ kubeconfig }), 'conf.kubeconfig');
  });
});

describe('Kubernetes by kubectl on a host by SSH, with the platform’s keys', function () {
  this.timeout(120_000);
  let bed: Bed;
  let sshd: Sshd;

  before(async function () {
    this.timeout(1_800_000);
    const why = (await noSshd()) ?? (await bedMissing());
    if (why !== undefined) return skip(this, why);
    bed = await openBed();
    sshd = await Sshd.start();
  });
  after(() => sshd?.[Symbol.asyncDispose]());

  describeComputingDriver(
    { describe, it, before, after },
    {
      open: async () => {
        const access = await accessTo(sshd);
        const { conf: accessConf } = await targetOf(sshd);
        const hosts: HostService = {
          open: (target, call) =>
            access.open({ resource: target.id, auth: target.auth, conf: target.accessConf }, call),
        };
        return worldOf(await sshResource(bed, accessConf, conf), new Stage([], hosts));
      },
      patience: 60_000,
    },
  );

  it('is the same cluster as by its API', async () => {
    await using own = new Tasks(apiResource(await bed.kubeconfig('token'), conf));
    const { facts } = await own.stage.driver.describe(own.resource, own.call());
    assert(facts.some(({ label, value }) => label === 'Nodes' && value.startsWith('1 of 1')));
  });
});
