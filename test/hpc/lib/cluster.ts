import assert from 'node:assert/strict';
import type { CheckResult, Computing, KeyItem, RemoteAccountItem } from '@stele/sdk/api';
import type { ApiClient } from '../../e2e/lib/index.ts';
import type { Site } from './site.ts';

/** What a user sees of a site that the platform knows. */
export interface Cluster {
  readonly computing: string;
  readonly storage: string;
}

/**
 * Sets a site up as an administrator and a user do: resource, host key, the user's key, their account, their files.
 * @param conf of the resource, where it isn't all defaults
 */
export async function addCluster(
  api: ApiClient,
  site: Site,
  name: string,
  user: string,
  conf: object = {},
): Promise<Cluster> {
  const accessConf = { host: site.login, port: site.port };
  const { id: computing } = await api.must<Computing>('POST', '/computing', {
    name,
    driver: 'slurm',
    access: 'ssh',
    auth: 'user-keys',
    accessConf,
    conf,
    owner: { kind: 'platform' },
  });
  await api.must('PUT', `/accounts/${computing}`, { username: user });
  await trustHostKey(api, site, computing, accessConf);
  await addKey(api, site, computing, user);
  const { id: storage } = await api.must<{ id: string }>('POST', '/storages', {
    name: `Home on ${name}`,
    backend: 'posix',
    access: 'computing',
    auth: 'user-keys',
    computing,
    conf: { base: '/home/$SSH_USER', bind: '/storage/home' },
    owner: { kind: 'platform' },
  });
  return { computing, storage };
}

async function trustHostKey(api: ApiClient, site: Site, computing: string, accessConf: object): Promise<void> {
  const shown = await api.must<CheckResult>('POST', `/computing/${computing}/check`);
  assert.deepEqual(shown.offer, { field: 'accessConf.hostKeys', value: [site.hostKey] }, JSON.stringify(shown));
  await api.must('PATCH', `/computing/${computing}`, { accessConf: { ...accessConf, hostKeys: [site.hostKey] } });
}

async function addKey(api: ApiClient, site: Site, computing: string, user: string): Promise<void> {
  const refused = await api.must<RemoteAccountItem>('POST', `/accounts/${computing}/check`);
  assert.equal(refused.state, 'failing', JSON.stringify(refused));
  const [key] = await api.items<KeyItem>('/keys');
  assert(key);
  assert.equal(refused.line, key.publicKey);
  await site.authorize(user, key.publicKey);
  const admitted = await api.must<RemoteAccountItem>('POST', `/accounts/${computing}/check`);
  assert.equal(admitted.state, 'ok', JSON.stringify(admitted));
}

/** Jobs of a user, and what tasks of theirs have left in their home and on the nodes; nothing when all is cleaned up. */
export async function leftBy(site: Site, user: string): Promise<string> {
  const jobs = await site.on('login', 'squeue', '--noheader', '--user', user);
  const files = await site.as(user, 'login', 'find', '.stele/tasks', '-mindepth', '1');
  const onNodes = await Promise.all(site.nodes.map((node) => leftOn(site, node, user)));
  return [jobs, files, ...onNodes].join('');
}

/** Processes and files of a user on a node. */
async function leftOn(site: Site, node: string, user: string): Promise<string> {
  const script = 'pgrep -a -u "$0"; find /tmp /var/tmp /dev/shm -user "$0"';
  return site.on(node, 'sh', '-c', script, user);
}
