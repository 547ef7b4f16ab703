import assert from 'node:assert/strict';
import type { ContainerSpec } from '@stele/sdk';
import { hasCode } from '@stele/sdk';
import { checkWish, hidden } from '../wish.ts';
import { docker } from './docker.ts';
import type { Traits } from './flavour.ts';
import { podman } from './podman.ts';

const spec: ContainerSpec = {
  name: 'stele-a',
  image: { registry: 'localhost', repository: 'a/b', tag: '1' },
  env: { A: ' x=$y ' },
  labels: { 'stele.task': 'a' },
  binds: [{ source: '/srv/a, "b"', target: '/kit/c:d', readOnly: true }],
  port: 8080,
};
const dockerTraits: Traits = { init: true, limits: true, selinux: false, network: { kind: 'shared' } };
const podmanTraits: Traits = { ...dockerTraits, runtimes: ['runc'], network: { kind: 'own' } };
const ofDocker = docker({ prefix: '/v1.41' });
const ofPodman = podman({ prefix: '/v1.41', own: '/v4.0.0/libpod' });

type Body = Record<string, unknown> & { readonly HostConfig: Record<string, unknown> };
const dockerBody = (parts: Partial<ContainerSpec> = {}, traits: Partial<Traits> = {}): Body =>
  ofDocker.create({ ...spec, ...parts }, { ...dockerTraits, ...traits }, undefined).body as Body;
const podmanBody = (parts: Partial<ContainerSpec> = {}, traits: Partial<Traits> = {}): Record<string, unknown> =>
  ofPodman.create({ ...spec, ...parts }, { ...podmanTraits, ...traits }, undefined).body as Record<string, unknown>;

describe('a container in Docker’s words', () => {
  it('has nothing but what it needs', () => {
    const { HostConfig: host } = dockerBody();
    assert.deepEqual([host['CapDrop'], host['SecurityOpt'], host['PidsLimit']], [['ALL'], ['no-new-privileges'], 4096]);
    assert.equal(host['NetworkMode'], 'stele-tasks');
    assert(!('Memory' in host) && !('Privileged' in host));
  });

  it('has its port on one address', () => {
    const bindings = (parts: Partial<ContainerSpec>) => dockerBody(parts).HostConfig['PortBindings'];
    assert.deepEqual(bindings({}), { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] });
    assert.deepEqual(bindings({ publish: { host: '10.0.0.2' } }), {
      '8080/tcp': [{ HostIp: '10.0.0.2', HostPort: '' }],
    });
  });

  it('has folders, limits, a runtime and its image’s digest', () => {
    const body = ofDocker.create({ ...spec, memory: 64e6, cpus: 0.5, runtime: 'crun' }, dockerTraits, 'sha256:a')
      .body as Body;
    const { HostConfig: host, Labels: labels } = body;
    assert.deepEqual(host['Mounts'], [{ Type: 'bind', Source: '/srv/a, "b"', Target: '/kit/c:d', ReadOnly: true }]);
    assert.deepEqual(
      [host['Memory'], host['MemorySwap'], host['NanoCpus'], host['Runtime']],
      [64e6, 64e6, 500_000_000, 'crun'],
    );
    assert.deepEqual(labels, { 'stele.task': 'a', 'stele.digest': 'sha256:a' });
  });

  it('is of the architecture that was chosen', () => {
    assert.equal(
      ofDocker.create({ ...spec, architecture: 'arm/v7' }, dockerTraits, undefined).query?.['platform'],
      'linux/arm/v7',
    );
  });

  it('is read without its environment', () => {
    const answer = {
      Id: 'x',
      Name: '/stele-a',
      State: {},
      Config: { Env: ['A=canary'], Labels: { 'stele.digest': 'd' } },
    };
    const read = ofDocker.readContainer(answer);
    assert.equal(read.digest, 'd');
    assert(!JSON.stringify(read).includes('canary'));
  });
});

describe('a container in Podman’s words', () => {
  it('has a network of its own, or a stack of its own', () => {
    assert.deepEqual(podmanBody()['Networks'], { 'stele-a': {} });
    const { network_options: options, netns } = podmanBody({}, { network: { kind: 'mode', mode: 'pasta' } });
    assert.deepEqual([netns, options], [{ nsmode: 'pasta' }, { pasta: ['--no-map-gw'] }]);
    assert.equal(ofPodman.makeNetwork(spec, { ...podmanTraits, network: { kind: 'mode', mode: 'pasta' } }), undefined);
  });

  it('has its port on one address', () => {
    assert.deepEqual(podmanBody()['portmappings'], [{ container_port: 8080, host_ip: '127.0.0.1', protocol: 'tcp' }]);
  });

  it('has limits where they can be set', () => {
    assert.deepEqual(podmanBody({ memory: 64e6, cpus: 1.5 })['resource_limits'], {
      pids: { limit: 4096 },
      memory: { limit: 64e6, swap: 64e6 },
      cpu: { period: 100_000, quota: 150_000 },
    });
    assert(!('resource_limits' in podmanBody({}, { limits: false })));
  });

  it('may read what SELinux would keep from it', () => {
    assert.deepEqual(podmanBody({}, { selinux: true })['selinux_opts'], ['disable']);
    assert(!('selinux_opts' in podmanBody({ binds: [] }, { selinux: true })));
  });

  it('tells of what could not be removed although the answer is a good one', () => {
    assert.equal(ofPodman.problemOf('[{"Id":"x","Err":null}]'), undefined);
    assert.equal(ofPodman.problemOf('[]'), undefined);
    assert.equal(ofPodman.problemOf(''), undefined);
    assert.equal(ofPodman.problemOf('[{"Id":"x","Err":"device is busy"}]'), 'device is busy');
  });
});

describe('a wish', () => {
  const refusals: readonly (readonly [
    string,
    Partial<ContainerSpec>,
    Partial<Traits>,
    'INVALID' | 'UNSUPPORTED',
    string,
  ])[] = [
    ['for cards', { gpus: true }, {}, 'UNSUPPORTED', 'gpus'],
    ['for a runtime that Podman’s service doesn’t take', { runtime: 'crun' }, {}, 'INVALID', 'engine.runtime'],
    ['for limits where there are none', { cpus: 1 }, { limits: false }, 'UNSUPPORTED', 'cpus'],
  ];
  for (const [what, parts, traits, code, field] of refusals) {
    it(`${what} is refused`, () => {
      assert.throws(
        () => checkWish({ ...spec, ...parts }, { ...podmanTraits, ...traits }),
        (error) => hasCode(error, code) && error.field === field,
      );
    });
  }

  it('is shown without values', () => assert.deepEqual(hidden(spec).env, { A: '…' }));
});
