import assert from 'node:assert/strict';
import { hasCode, type Launch, type SteleError } from '@stele/sdk';
import { testUser } from '@stele/sdk/testing';
import { parse, stringify } from 'yaml';
import { confOf } from '../conf.ts';
import { previewText } from '../preview.ts';
import { manifestsOf } from './manifest.ts';
import { fieldsOf, listOf } from './seen.ts';
import { mountsOf } from './volumes.ts';

const key = 'abcdefghij012345';
const launch: Launch = {
  key,
  name: 'Notebook; rm -rf /',
  image: { registry: 'docker.io', repository: 'library/a', tag: '1' },
  interface: { port: 8888, protocol: 'http', transport: 'tcp' },
  env: { SECRET: 'canary' },
  binds: [],
  options: {},
};
const conf = confOf({ conf: {} });

function invalid(work: () => unknown): SteleError {
  try {
    work();
  } catch (error) {
    assert(hasCode(error, 'INVALID'), String(error));
    return error;
  }
  return assert.fail('must be refused');
}

describe('what a launch makes', () => {
  const { pod, policy, secret } = manifestsOf(launch, conf, testUser, 'stele');
  const spec = fieldsOf(fieldsOf(pod)['spec']);
  const [container = {}] = listOf(spec['containers']);

  it('is a pod without rights', () => {
    assert.deepEqual(
      [spec['automountServiceAccountToken'], spec['restartPolicy'], spec['enableServiceLinks']],
      [false, 'Never', false],
    );
    assert.deepEqual(spec['securityContext'], {
      ...{ runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    assert.deepEqual(container['securityContext'], {
      ...{ allowPrivilegeEscalation: false, privileged: false },
      capabilities: { drop: ['ALL'] },
    });
  });

  it('has its environment in a secret, and nowhere else', () => {
    assert(!JSON.stringify([pod, policy]).includes('canary'));
    assert.deepEqual(fieldsOf(secret)['stringData'], launch.env);
  });

  it('keeps the user’s words out of all names and labels', () => {
    const { annotations, ...metadata } = fieldsOf(fieldsOf(pod)['metadata']);
    assert(!JSON.stringify(metadata).includes('rm -rf'));
    assert.deepEqual(annotations, { 'stele.name': launch.name, 'stele.user': 'ada' });
  });

  it('lets nobody in, and its task out to anywhere but the metadata service', () => {
    const { ingress, egress, policyTypes } = fieldsOf(fieldsOf(policy)['spec']);
    assert.deepEqual([ingress, policyTypes], [[], ['Ingress', 'Egress']]);
    assert.match(JSON.stringify(egress), /"except":\["169\.254\.0\.0\/16"\]/);
  });

  it('lets the platform in where it connects to pods, and nobody out where that isn’t wanted', () => {
    const own = { ...conf, reach: 'pods' as const, platform: ['10.0.0.5/32'], mayConnectOut: false };
    const { ingress, egress } = fieldsOf(fieldsOf(manifestsOf(launch, own, testUser, 'stele').policy)['spec']);
    assert.deepEqual(ingress, [
      { from: [{ ipBlock: { cidr: '10.0.0.5/32' } }], ports: [{ port: 8888, protocol: 'TCP' }] },
    ]);
    assert.deepEqual(egress, []);
  });

  it('asks for what was chosen, else for what the resource gives', () => {
    const given = { ...conf, memory: 1e9, cpus: 0.5, time: 3600 };
    const wish = (parts: Launch['options']) => {
      const made = fieldsOf(manifestsOf({ ...launch, options: parts }, given, testUser, 'stele').pod);
      const own = fieldsOf(made['spec']);
      const [first = {}] = listOf(own['containers']);
      return [fieldsOf(first['resources'])['limits'], own['activeDeadlineSeconds']];
    };
    assert.deepEqual(wish({}), [{ memory: '1000000000', cpu: '500m' }, 3600]);
    assert.deepEqual(wish({ memory: 2e9, cpus: 2, gpus: 1, time: 60 }), [
      { memory: '2000000000', cpu: '2000m', 'nvidia.com/gpu': '1' },
      60,
    ]);
  });

  it('runs where the resource says, in the runtime and for the architecture that were chosen', () => {
    const own = {
      ...conf,
      nodeSelector: { pool: 'gpu' },
      tolerations: [{ key: 'gpu', operator: 'Exists' as const }],
      user: 0,
    };
    const chosen: Launch = { ...launch, architecture: 'arm64', engine: { id: 'kubernetes', runtime: 'kata' } };
    const made = fieldsOf(fieldsOf(manifestsOf(chosen, own, testUser, 'stele').pod)['spec']);
    assert.deepEqual(
      [made['nodeSelector'], made['tolerations'], made['runtimeClassName']],
      [{ pool: 'gpu' }, [{ key: 'gpu', operator: 'Exists' }], 'kata'],
    );
    assert.match(JSON.stringify(made['affinity']), /"kubernetes\.io\/arch","operator":"In","values":\["arm64"\]/);
    assert.equal(fieldsOf(made['securityContext'])['runAsUser'], undefined, 'the image’s own user');
  });

  it('has credentials for the registry where there are some', () => {
    const own = { ...launch, credentials: { username: 'u', password: 'canary-p' } };
    const { pullSecret, pod: made } = manifestsOf(own, { ...conf, pullSecrets: ['site'] }, testUser, 'stele');
    assert.deepEqual(fieldsOf(fieldsOf(made)['spec'])['imagePullSecrets'], [
      { name: 'site' },
      { name: `stele-${key}-pull` },
    ]);
    assert.match(JSON.stringify(pullSecret), /docker\.io.*canary-p/);
    const text = previewText(manifestsOf(own, conf, testUser, 'stele'), stringify);
    assert(!text.includes('canary') && text.includes('SECRET') && text.includes(key));
    assert.equal(text.split('---\n').map((part) => parse(part) as unknown).length, 4);
  });

  it('is nothing for names and values that would become others', () => {
    const wrong: readonly Record<string, string>[] = [
      { 'A=B': 'c' },
      { 'A\nB': 'c' },
      { A: 'b\nPATH=/evil' },
      { A: 'b\0c' },
    ];
    for (const env of wrong) {
      assert.equal(invalid(() => manifestsOf({ ...launch, env }, conf, testUser, 'stele')).field, 'env');
    }
  });
});

describe('folders of storages', () => {
  const bind = (source: string, readOnly = false) => ({ source, target: '/data', readOnly });
  const volumes = [
    { path: '/data', claim: 'all' },
    { path: '/data/fast', nfs: 'nas.example.org:/export/fast' },
  ];

  it('are in the narrowest volume that holds them', () => {
    const mounts = mountsOf([bind('/data/ada'), bind('/data/fast/ada', true), bind('/data')], { ...conf, volumes });
    assert.deepEqual(mounts.volumes, [
      { name: 'storage-0', persistentVolumeClaim: { claimName: 'all' } },
      { name: 'storage-1', nfs: { server: 'nas.example.org', path: '/export/fast' } },
    ]);
    assert.deepEqual(mounts.volumeMounts, [
      { name: 'storage-0', mountPath: '/data', readOnly: false, subPath: 'ada' },
      { name: 'storage-1', mountPath: '/data', readOnly: true, subPath: 'ada' },
      { name: 'storage-0', mountPath: '/data', readOnly: false },
    ]);
  });

  it('are folders of the node only where the resource says so', () => {
    assert.equal(invalid(() => mountsOf([bind('/database')], { ...conf, volumes })).field, 'conf.volumes');
    const { volumes: made } = mountsOf([bind('/home/ada')], { ...conf, hostPaths: true });
    assert.deepEqual(made, [{ name: 'storage-0', hostPath: { path: '/home/ada', type: 'Directory' } }]);
  });

  it('need a volume that is one', () => {
    invalid(() => mountsOf([bind('/data')], { ...conf, volumes: [{ path: '/data' }] }));
  });
});
