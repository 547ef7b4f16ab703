import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Connection, Task } from '@stele/sdk/api';
import {
  type ApiClient,
  endCleanly,
  environment,
  eventually,
  inOrder,
  type Problem,
  skip,
  Stage,
} from './lib/index.ts';

const run = promisify(execFile);
const flags = { customPort: true, interfaceAuth: true, fixedUser: false };
const ssh = { name: 'SSH', registry: 'localhost', image: 'stele/ssh-x', tag: '1', port: 2244, protocol: 'ssh', flags };
const desktop = { ...ssh, name: 'Desktop', image: 'stele/minimal-desktop', port: 8599, protocol: 'http' };

describe('tasks that are no web page, and one with a password', function () {
  this.timeout(60_000);
  inOrder();
  let stage: Stage;
  let api: ApiClient;
  let task: Task;
  let way: Extract<Connection, { kind: 'tcp' }>;

  before(async function () {
    this.timeout(600_000);
    const opened = await Stage.open({ engine: 'podman', database: 'embedded', images: ['ssh-x', 'minimal-desktop'] });
    if (typeof opened === 'string') return skip(this, opened);
    stage = opened;
    api = await stage.platform.logIn();
  });

  after(async () => {
    await stage?.[Symbol.asyncDispose]();
  });

  it('takes software that speaks SSH, and refuses UDP in words', async () => {
    await api.must('POST', '/software', ssh);
    const refused = await api.post<Problem>('/software', { ...ssh, name: 'Mosh', transport: 'udp' });
    assert.deepEqual([refused.body.code, refused.body.field], ['UNSUPPORTED', 'transport']);
    assert.match(refused.body.detail, /udp/i);
  });

  it('has no way in before the task runs', async () => {
    task = await api.launch('SSH', { password: 'chosen by hand' });
    const early = await api.post<Problem>(`/tasks/${task.id}/connect`);
    if (early.status >= 400) assert.equal(early.body.code, 'CONFLICT');
    await api.ready(task.id);
  });

  it('opens a listener, and says how to use it', async () => {
    const connection = await api.connect(task.id);
    assert(connection.kind === 'tcp');
    way = connection;
    assert.equal(way.password, 'chosen by hand');
    assert.equal(way.hint, `ssh -p ${way.port} ${way.user}@${way.host}`);
    assert.deepEqual(await api.connect(task.id), way);
  });

  it('lets an ordinary ssh through to the task', async () => {
    const ask = join(stage.platform.yard.path, 'ask');
    await writeFile(ask, `#!/bin/sh\necho '${way.password}'\n`);
    await chmod(ask, 0o700);
    const [program = '', ...args] = way.hint.split(' ');
    const options = ['-F', 'none', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'];
    const { stdout } = await run(program, [...options, ...args, 'whoami; head -c 5000000 /dev/zero | wc -c'], {
      env: { ...environment, SSH_ASKPASS: ask, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':99' },
      timeout: 30_000,
    });
    assert.match(stdout, /5000000/);
  });

  it('cuts who is connected, and closes, when the task stops', async () => {
    const client = connect(way.port, way.host);
    await once(client, 'data');
    const cut = once(client, 'close');
    client.on('error', () => undefined);
    client.resume();
    await api.stop(task.id);
    await cut;
    await eventually('the listener is closed', async () => !(await accepts(way.port)));
    const late = await api.post<Problem>(`/tasks/${task.id}/connect`);
    assert.equal(late.body.code, 'CONFLICT');
  });

  it('closes with the session that opened it', async () => {
    task = await api.launch('SSH');
    await api.ready(task.id);
    const guest = await stage.platform.logIn();
    const { port } = (await guest.connect(task.id)) as typeof way;
    assert(await accepts(port));
    await guest.must('DELETE', '/session');
    await eventually('the listener is closed', async () => !(await accepts(port)));
  });

  it('says a web application’s password for its user, and strangers who reach its port are asked', async () => {
    await api.must('POST', '/software', desktop);
    const { id, key } = await api.launch('Desktop');
    await api.ready(id);
    using visitor = await api.enter(id);
    assert.match(await visitor.text('/'), /clipboard\.js/);
    const published = await stage.engine.run('port', `stele-${key}`);
    assert.equal((await fetch(`http://${published.split(' ').at(-1)}/`)).status, 401);
  });

  it('leaves nothing', async () => {
    await endCleanly(stage.platform, [api], stage.engine);
  });
});

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
