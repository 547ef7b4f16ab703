import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ApiTokenCreated, LogInLink, Software, Task, UserItem } from '@stele/sdk/api';
import { openSecretBox } from '../../core/server/src/model/index.ts';
import { ApiClient, containerOf, Platform, skip } from '../e2e/lib/index.ts';
import { CommandLines } from '../e2e/lib/command-lines.ts';
import { World } from './lib/world.ts';

const run = promisify(execFile);

describe('secrets', function () {
  this.timeout(60_000);
  let world: World;
  let client: ApiClient;
  let task: Task;
  let seen: CommandLines;
  /** Everything that the API and the gateway answered. */
  const answers: string[] = [];
  /** Secrets by name: each is unlike everything else that there is. */
  const canaries = new Map<string, string>();

  before('lives a life full of secrets', async function () {
    this.timeout(600_000);
    seen = CommandLines.sample();
    const opened = await World.open();
    if (typeof opened === 'string') return skip(this, opened);
    world = opened;
    const { admin } = world;
    const keep = (name: string, secret: string): string => {
      canaries.set(name, secret);
      return secret;
    };
    const first = keep('first password', `first ${crypto.randomUUID()}`);
    const second = keep('second password', `second ${crypto.randomUUID()}`);
    const wrong = keep('wrong password', `wrong ${crypto.randomUUID()}`);
    const email = 'canary@example.org';
    const user = await admin.must<UserItem>('POST', '/users', {
      email,
      name: 'Canary',
      role: 'power',
      password: first,
    });
    const link = await admin.must<LogInLink>('POST', `/users/${user.id}/link`);
    keep('log-in link', new URLSearchParams(new URL(link.url).hash.slice(1)).get('link') ?? '');
    await ApiClient.logIn(world.url, link.url);
    keep(
      'administrator’s link',
      new URLSearchParams(new URL(world.stage.platform.login).hash.slice(1)).get('link') ?? '',
    );
    await ApiClient.stranger(world.url).post('/session', { email, password: wrong });
    client = await ApiClient.byPassword(world.url, email, first);
    const changed = await client.call<{ csrf: string }>('PUT', '/me/password', { current: first, password: second });
    const [cookie = ''] = (changed.headers.getSetCookie()[0] ?? '').split(';');
    client = new ApiClient(world.url, { Cookie: cookie, 'X-CSRF-Token': changed.body.csrf, Origin: world.url });
    keep('session', cookie.split('=')[1] ?? '');
    const made = await client.must<ApiTokenCreated>('POST', '/tokens', { name: 'Canary', scope: 'write' });
    keep('API token', made.secret);
    for (const [who, path] of [
      [client, '/keys'],
      [admin, '/platform-key'],
    ] as const) {
      answers.push(
        JSON.stringify((await who.post(path)).body),
        JSON.stringify((await who.post(`${path}/rotate`)).body),
      );
      answers.push(JSON.stringify((await who.get(path)).body));
    }
    for (const [at, line] of (await privateHalves(world)).entries()) keep(`SSH key ${at + 1}`, line);
    const { image, registry, tag } = await admin.software('Echo');
    const flags = { customPort: true, interfaceAuth: true };
    const software = await client.must<Software>('POST', '/software', {
      name: 'Locked',
      image,
      registry,
      tag,
      port: 8080,
      flags,
    });
    const { id: computing } = await client.computing('This machine');
    const password = keep('task password', crypto.randomUUID());
    const { id } = await client.must<Task>('POST', '/tasks', { software: software.id, computing, password });
    task = await client.ready(id);
    const visitor = await ApiClient.byToken(world.url, made.secret).enter(id);
    keep('entry cookie', visitor.cookie.split('=')[1] ?? '');
    const Authorization = `Basic ${Buffer.from(`canary:${password}`).toString('base64')}`;
    assert.match(
      await visitor.text('/about', { headers: { Authorization } }),
      new RegExp(password),
      'the task has its password',
    );
    answers.push(await visitor.text('/'), await (await client.fetch(`/tasks/${id}/logs`)).text());
    visitor[Symbol.dispose]();
    for (const path of [
      '/me',
      '/tokens',
      '/sessions',
      '/tasks',
      `/tasks/${id}`,
      '/software',
      '/computing',
      '/storages',
      '/ui',
      '/kinds',
      '/keys',
      '/accounts',
    ])
      answers.push(JSON.stringify((await client.get(path)).body));
    for (const path of ['/users', '/groups', '/plugins', `/tasks/${id}`])
      answers.push(JSON.stringify((await admin.get(path)).body));
    answers.push(
      JSON.stringify((await client.post('/tasks/preview', { software: software.id, computing, password })).body),
    );
  });

  after(async () => {
    seen?.[Symbol.dispose]();
    await world?.[Symbol.asyncDispose]();
  });

  const absent = (text: string, where: string): void => {
    for (const [name, canary] of canaries) {
      const at = text.indexOf(canary);
      assert(at < 0, `the ${name} is in ${where}: …${text.slice(Math.max(0, at - 80), at)}`);
    }
  };

  it('are ten, and long', () => {
    assert(canaries.size >= 9);
    for (const [name, canary] of canaries) assert(canary.length >= 36, name);
  });

  it('are in no command line', () => {
    assert(seen.count > 20, `${seen.count} command lines`);
    assert(
      seen.all.some((line) => line.includes(containerOf(task.key))),
      'the engine’s were among them',
    );
    absent(seen.all.join('\n'), 'a command line');
  });

  it('are in no answer', () => absent(answers.join('\n'), 'an answer'));

  it('are not in the log, and no address there has a query that holds one', () => {
    const { said } = world.stage.platform;
    assert.match(said, /A log-in was refused/, 'there is a log');
    absent(said, 'the log');
    assert.doesNotMatch(said, /ticket=|link=|Bearer |__Host-/);
  });

  it('are not in the database in clear', async () => absent(await world.rows.text(), 'the database'));

  it('are nowhere in the data folder: neither in the database’s files nor in kept logs', async () => {
    await client.stop(task.id);
    const { data } = world.stage.platform.yard;
    let count = 0;
    for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      // PostgreSQL's own files come and go.
      const content = await readFile(path, 'latin1').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      absent(content, path);
      count += 1;
    }
    assert(count > 100, `${count} files`);
  });

  it('are not in what the engine keeps of a container that has gone', async () => {
    const names = await world.stage.engine.run('ps', '--all', '--format', '{{.Names}}');
    assert(!names.split('\n').includes(containerOf(task.key)));
  });

  it('lie behind closed doors', async () => {
    const { data } = world.stage.platform.yard;
    const modeOf = async (name: string): Promise<number> => (await lstat(join(data, name))).mode & 0o777;
    assert.equal(await modeOf('control.sock'), 0o600);
    assert.equal(await modeOf('secret.key'), 0o600);
    // Others may at most pass through, on the way to a database that runs as another user.
    assert.equal((await modeOf('.')) & 0o066, 0);
    for (const name of await readdir(data)) {
      if (name === 'site.yaml') continue; // The test's own.
      const { size } = await lstat(join(data, name));
      assert(((await modeOf(name)) & 0o077) === 0 || size === 0, `${name}: ${(await modeOf(name)).toString(8)}`);
    }
  });

  it('are made well, or the platform does not start', async () => {
    const site = { plugins: {} };
    for (const key of ['', 'x'.repeat(64), 'change-me-please-change-me-please-now']) {
      const start = Platform.start({ site, environment: { STELE_SECRET_KEY: key } }).then(async (platform) => {
        await platform[Symbol.asyncDispose]();
        return 'it started';
      });
      await assert.rejects(
        start,
        (error: Error) => /STELE_SECRET_KEY/.test(error.message) && (key === '' || !error.message.includes(key)),
        key,
      );
    }
  });
});

/** Of every SSH key that is kept, the line of its file that has the secret in it. */
async function privateHalves(world: World): Promise<string[]> {
  const box = await openSecretBox(world.stage.platform.yard.data, {});
  const rows = (await world.rows.text()).split('\n').filter((row) => row.startsWith('key_pairs: '));
  assert.equal(rows.length, 4);
  return rows.map((row) => {
    const { id, private_key: sealed } = JSON.parse(row.slice('key_pairs: '.length)) as Record<string, string>;
    return box.open(sealed ?? '', `ssh-key:${id}`).split('\n')[4] ?? '';
  });
}

describe('a task’s container', function () {
  this.timeout(60_000);
  let world: World;
  let task: Task;
  let about: {
    HostConfig: {
      NetworkMode: string;
      PidMode: string;
      IpcMode: string;
      Privileged: boolean;
      SecurityOpt: string[];
      CapAdd: string[];
      CapDrop: string[];
    };
    EffectiveCaps: string[];
    NetworkSettings: { Ports: Record<string, { HostIp: string; HostPort: string }[]> };
    Mounts: { Source: string; Destination: string }[];
  };

  before(async function () {
    this.timeout(600_000);
    const opened = await World.open();
    if (typeof opened === 'string') return skip(this, opened);
    world = opened;
    task = await world.echo(world.as.standard);
    [about] = JSON.parse(await world.stage.engine.run('inspect', containerOf(task.key))) as [typeof about];
  });

  after(async () => world?.[Symbol.asyncDispose]());

  it('listens on this machine alone', async () => {
    const published = Object.values(about.NetworkSettings.Ports).flat();
    assert(published.length > 0);
    for (const { HostIp, HostPort } of published) {
      assert.equal(HostIp, '127.0.0.1');
      const { stdout } = await run('ss', ['-Hltn', `sport = :${HostPort}`]);
      const addresses = stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(/\s+/)[3]);
      assert(
        addresses.every((address) => address === `127.0.0.1:${HostPort}`),
        stdout,
      );
    }
    const { stdout } = await run('ss', ['-Hltn', `sport = :${world.port}`]);
    assert.match(stdout, /127\.0\.0\.1:\d+ /);
    assert.doesNotMatch(stdout, /0\.0\.0\.0:\d+ +0\.0\.0\.0:\*|\*:\d+ +\*|\[::\]:\d+ +\[::\]/);
  });

  it('has few rights, and can’t get more', async () => {
    const { HostConfig } = about;
    assert.equal(HostConfig.Privileged, false);
    assert(
      HostConfig.SecurityOpt.some((option) => option.startsWith('no-new-privileges')),
      String(HostConfig.SecurityOpt),
    );
    for (const mode of [HostConfig.NetworkMode, HostConfig.PidMode, HostConfig.IpcMode]) assert.notEqual(mode, 'host');
    const status = await world.stage.engine.run(
      'exec',
      containerOf(task.key),
      'grep',
      '-E',
      '^(NoNewPrivs|CapBnd|Seccomp):',
      '/proc/1/status',
    );
    assert.match(status, /NoNewPrivs:\s+1/);
    const bounding = BigInt(`0x${/CapBnd:\s+([0-9a-f]+)/.exec(status)?.[1] ?? ''}`);
    // By their numbers in Linux: SETPCAP, NET_ADMIN, NET_RAW, SYS_MODULE, SYS_RAWIO, SYS_CHROOT, SYS_PTRACE, SYS_ADMIN, MKNOD, BPF.
    for (const capability of [8n, 12n, 13n, 16n, 17n, 18n, 19n, 21n, 27n, 39n])
      assert.equal((bounding >> capability) & 1n, 0n, `${capability}`);
  });

  it('sees of this machine what was mounted, and nothing of the platform', async () => {
    const { data } = world.stage.platform.yard;
    const own = about.Mounts.map(({ Source, Destination }) => [Source, Destination]);
    assert.deepEqual(own, [[join(data, 'files/standard'), '/storage/my-files']]);
    const environment = await world.stage.engine.run('exec', containerOf(task.key), 'env');
    assert.doesNotMatch(environment, /STELE_|SECRET|DATABASE/);
    const reach = `
import socket
for host in ('host.containers.internal', '10.88.0.1', '127.0.0.1'):
    try:
        socket.create_connection((host, ${world.port}), 1).close(); print('reached by', host)
    except OSError: pass
`;
    assert.equal(await world.stage.engine.run('exec', containerOf(task.key), 'python3', '-c', reach), '');
  });

  it('goes with its task', () => world.end(world.as.standard));
});
