import type { Computing, Software, Storage, Task } from '@stele/sdk/api';
import { type ApiClient, resources } from '../lib/index.ts';

const long = `A name as long as they get, ${'which nobody should write and somebody will, '.repeat(3)}the end`.slice(
  0,
  200,
);

/** Ids of what scenes open. */
export interface Populated {
  readonly software: string;
  /** A software that takes a password. */
  readonly guarded: string;
  readonly computing: string;
  readonly storage: string;
  /** A computing whose host nobody has confirmed. */
  readonly unconfirmed: string;
  readonly running: string;
  readonly failed: string;
}

/** One of everything, made through the API. */
export async function populate(api: ApiClient, base: string): Promise<Populated> {
  const { id: user } = await api.must<{ id: string }>('GET', '/me');
  const owner = { kind: 'platform' };
  const [machine] = resources.computing;
  const computing = await api.must<Computing>('POST', '/computing', { ...machine, owner });
  const unconfirmed = await far(api);
  const storage = await api.must<Storage>('POST', '/storages', {
    ...{ name: 'My files', backend: 'posix', access: 'local', owner, computing: computing.id },
    conf: { base, bind: '/storage/my-files' },
  });
  const [echo] = resources.software;
  const description = 'Shows what reaches it. Tests run it; it has no other use.';
  const mine = { kind: 'user', id: user };
  const software = await api.must<Software>('POST', '/software', { ...echo, icon: 'globe', description, owner: mine });
  const broken = await api.must<Software>('POST', '/software', {
    ...{ name: 'Leaves at once', registry: 'localhost', image: 'stele/web-echo', tag: '1', port: 8080 },
    env: { ECHO_EXIT_CODE: '3', ECHO_LOG_LINES: '200' },
  });
  await write(api, storage.id, 'notes.txt', 'One line\nand another\n');
  const guarded = await api.must<Software>('POST', '/software', {
    ...{ name: 'No web page', registry: 'localhost', image: 'stele/web-echo', tag: '1', port: 8080, protocol: 'tcp' },
    flags: { customPort: true, interfaceAuth: true, fixedUser: false },
  });
  const tunnelled = await api.launch('No web page', { name: 'A catalogue' });
  const running = await api.launch('Echo', { name: 'Survey of the southern sky' });
  const failed = await api.launch('Leaves at once', { name: 'Short-lived' });
  await api.ready(running.id);
  await api.ready(tunnelled.id);
  await api.ended(failed.id);
  await api.must('DELETE', `/software/${broken.id}`);
  return {
    software: software.id,
    guarded: guarded.id,
    computing: computing.id,
    storage: storage.id,
    unconfirmed,
    running: running.id,
    failed: failed.id,
  };
}

/** Two clusters that are used with keys of their users: one that is to be confirmed, and one that lets nobody in yet. */
async function far(api: ApiClient): Promise<string> {
  const cluster = { driver: 'far', access: 'far', auth: 'user-keys', owner: { kind: 'platform' } };
  const accessConf = { hostKeys: ['ssh-ed25519 AAAA'] };
  const refusing = await api.must<Computing>('POST', '/computing', { ...cluster, name: 'Far cluster', accessConf });
  await api.must('POST', `/accounts/${refusing.id}/check`);
  return (await api.must<Computing>('POST', '/computing', { ...cluster, name: 'New cluster' })).id;
}

/** As much of everything as makes lists long, with the longest names. */
export async function populateMore(api: ApiClient, { storage, computing }: Populated): Promise<void> {
  const [echo] = resources.software;
  const icons = ['notebook', 'chart', 'terminal', 'desktop', 'code', 'database', 'brain', 'telescope', 'flask', 'dna'];
  for (const [at, icon] of icons.entries()) {
    const description = 'Reads tables, draws them, and fits models to them, in the browser.'.repeat((at % 3) + 1);
    const name = at === 3 ? long : `Analysis ${at + 1}`;
    await api.must('POST', '/software', {
      ...echo,
      name,
      icon,
      image: `observatory/analysis-${at + 1}`,
      tag: `2.${at}`,
      description,
    });
  }
  for (const tag of ['1.0', '1.1', '2.0'])
    await api.must('POST', '/software', { ...echo, name: 'Three versions', image: 'observatory/three', tag });
  const [machine] = resources.computing;
  for (const name of ['Node 1', 'Node 2', 'Node 3', long]) await api.must('POST', '/computing', { ...machine, name });
  const conf = { base: '/usr/share', bind: '/data' };
  for (const name of ['Archive', long])
    await api.must('POST', '/storages', { name, backend: 'posix', access: 'local', conf, readOnly: true });
  for (let at = 0; at < 60; at += 1)
    await write(api, storage, `${at % 2 === 0 ? 'exposure' : 'flat'}-${at}.fits`, 'x'.repeat(at * 1000));
  for (const path of ['Observations', 'Reduced', long])
    await api.must('POST', `/storages/${storage}/operations`, { op: 'mkdir', path });
  await write(api, storage, `${long}.csv`, 'a,b\n1,2\n');
  for (const name of ['Ada', 'Grace', long]) {
    const email = `${name.slice(0, 5).toLowerCase().replace(' ', '-')}@observatory.example`;
    await api.must('POST', '/users', { name, email, role: 'power' });
  }
  for (const name of ['Cosmology', 'Instruments']) await api.must('POST', '/groups', { name });
  const password = 'not shown';
  const account = { registry: 'registry.observatory.example', username: 'ada', password };
  const platform = { owner: { kind: 'platform' } };
  await api.must('POST', '/registries', account);
  await api.must('POST', '/registries', { ...account, ...platform, username: 'robot$observatory+reader' });
  await api.must('POST', '/registries', { ...account, ...platform, registry: 'docker.io', shared: true });
  const registry = `${'a-name-as-long-as-they-get.'.repeat(8)}example:5000`;
  await api.must('POST', '/registries', { registry, username: long, password });
  await api.must('POST', '/tokens', { name: 'Nightly pipeline', scope: 'read' });
  await manyTasks(api, computing);
}

/** Tasks whose image is not there end by themselves, and soon. */
async function manyTasks(api: ApiClient, computing: string): Promise<void> {
  const software = (await api.software('Analysis 1')).id;
  const launch = (name: string): Promise<Task> => api.must('POST', '/tasks', { name, software, computing });
  const tasks = await Promise.all(
    ['Reduction', long, 'Calibration', 'Photometry', 'Astrometry', 'Stacking'].map(launch),
  );
  for (const { id } of tasks) await api.ended(id);
}

async function write(api: ApiClient, storage: string, path: string, text: string): Promise<void> {
  const { status } = await api.fetch(`/storages/${storage}/content?path=${encodeURIComponent(path)}`, {
    method: 'PUT',
    body: text,
  });
  if (status !== 201) throw new Error(`${path}: ${status}`);
}
