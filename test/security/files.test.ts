import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Storage } from '@stele/sdk/api';
import { inTime } from '@stele/sdk/testing';
import { type ApiClient, containerOf, eventually, type Problem, skip } from '../e2e/lib/index.ts';
import { Drawer } from './lib/drawer.ts';
import { hostileNames, ranges } from './lib/hostile-files.ts';
import { raw } from './lib/raw.ts';
import { World } from './lib/world.ts';

const secret = 'what nobody may read through the platform';

describe('files', function () {
  this.timeout(60_000);
  let world: World;
  let client: ApiClient;
  /** The user's storage, by the API and on the host. */
  let drawer: Drawer;
  let at: string;
  let home: string;
  /** A folder that is in no storage. */
  let outside: string;

  before(async function () {
    this.timeout(600_000);
    const opened = await World.open();
    if (typeof opened === 'string') return skip(this, opened);
    world = opened;
    client = world.as.standard;
    at = `/storages/${(await client.storage('My files')).id}`;
    drawer = new Drawer(client, at);
    home = join(world.stage.platform.yard.data, 'files/standard');
    outside = await mkdtemp(join(tmpdir(), 'stele-outside-'));
    await writeFile(join(outside, 'secret'), secret);
    await drawer.put('mine.txt', 'mine');
  });

  afterEach(async () => {
    for (const name of await readdir(home)) {
      if (name !== 'mine.txt') await rm(join(home, name), { recursive: true, force: true });
    }
  });

  after(async () => {
    await world?.[Symbol.asyncDispose]();
    if (outside) await rm(outside, { recursive: true, force: true });
  });

  async function outsideIsWhole(): Promise<void> {
    assert.deepEqual(await readdir(outside), ['secret']);
    assert.equal(await readFile(join(outside, 'secret'), 'utf8'), secret);
    assert.equal(await readFile(join(home, 'mine.txt'), 'utf8'), 'mine');
  }

  const escapes = () => [
    '..',
    '../other',
    '../../etc/passwd',
    'x/../../other',
    './mine.txt',
    '/etc/passwd',
    '//etc/passwd',
    'a//b',
    'mine.txt/',
    'mine.txt/..',
    '\u0000',
    'mine.txt\u0000.png',
    '..\u0000',
    outside,
    `../../../../..${outside}`,
    'x'.repeat(256),
    `${'x/'.repeat(2100)}x`,
  ];

  it('are not reached by paths that lead out', async () => {
    for (const path of escapes()) await drawer.refuses(path, secret);
    await outsideIsWhole();
    assert.deepEqual((await readdir(home)).sort(), ['mine.txt']);
  });

  it('are not reached by paths that lead out when they are decoded once more', async () => {
    const encoded = [
      '%252e%252e%252fother',
      '%2e%2e/other',
      '..%2fother',
      '..%5cother',
      '%c0%ae%c0%ae/other',
      '..%00',
      '%00',
      '%ff%fe',
      '%u002e%u002e',
    ];
    for (const path of encoded) {
      for (const route of ['content', 'files']) {
        const answer = await raw(world.port, {
          path: `/api/v1${at}/${route}?path=${path}`,
          headers: client.headers as Record<string, string>,
        });
        assert(answer.status >= 400 && answer.status < 500, `${route} ${path}: ${answer.status} ${answer.body}`);
      }
    }
  });

  it('are not reached by links that lead out, whoever made them', async () => {
    const targets = [
      outside,
      join(outside, 'secret'),
      '/',
      '/etc',
      '/etc/passwd',
      '../other',
      '../../secret.key',
      '..',
      '/proc/self/environ',
      '/proc/1/root',
      `/proc/self/root${outside}`,
    ];
    for (const [index, target] of targets.entries()) {
      const name = `link-${index}`;
      await symlink(target, join(home, name));
      await drawer.refuses(name, secret);
      await unlink(join(home, name));
    }
    await outsideIsWhole();
    assert.deepEqual((await readdir(home)).sort(), ['mine.txt']);
  });

  it('lose a link that leads out, and not what it leads to', async () => {
    await symlink(outside, join(home, 'away'));
    await mkdir(join(home, 'folder'));
    await symlink(outside, join(home, 'folder/away'));
    assert.equal((await drawer.operate({ op: 'remove', path: 'away' })).status, 200);
    assert.equal((await drawer.operate({ op: 'copy', from: 'folder', to: 'second' })).status < 500, true);
    assert.equal((await drawer.operate({ op: 'remove', path: 'folder' })).status, 200);
    await drawer.operate({ op: 'remove', path: 'second' });
    await outsideIsWhole();
    assert.deepEqual((await readdir(home)).sort(), ['mine.txt']);
  });

  it('are not reached by links, pipes and sockets that a task makes', async () => {
    const task = await world.echo(client);
    const made = `
import os, socket
os.chdir('/storage/my-files')
for name, target in (('root', '/'), ('etc', '/etc'), ('key', '../../secret.key'), ('fd', '/proc/self/fd'), ('up', '..')):
    os.symlink(target, name)
os.mkfifo('pipe')
socket.socket(socket.AF_UNIX).bind('socket')
os.mkdir('shut', 0o000)
open('setuid', 'w').close(); os.chmod('setuid', 0o4777)
try:
    os.mknod('device', 0o660 | 0o020000, os.makedev(1, 5)); print('a device')
except OSError as error: print('no device')
try:
    os.link('/etc/passwd', 'hard'); print('a hard link out')
except OSError as error: print('no hard link out')
`;
    const said = await world.stage.engine.run('exec', containerOf(task.key), 'python3', '-c', made);
    assert.equal(said, 'no device\nno hard link out');
    for (const name of ['root', 'etc', 'key', 'fd', 'up', 'root/etc', 'etc/passwd', 'up/other', 'up/../secret.key'])
      await drawer.refuses(name, secret);
    for (const name of ['pipe', 'socket']) {
      const answer = await client.fetch(`${at}/content?path=${name}`, { signal: inTime(5_000) });
      assert.equal(answer.status, 409, name);
    }
    const { body } = await drawer.list();
    const kinds = Object.fromEntries(body.items.map(({ name, kind }) => [name, kind]));
    assert.deepEqual([kinds.root, kinds.pipe, kinds.socket, kinds['mine.txt']], ['link', 'other', 'other', 'file']);
    for (const name of Object.keys(kinds))
      if (name !== 'mine.txt') assert.equal((await drawer.operate({ op: 'remove', path: name })).status, 200, name);
    await client.stop(task.id);
    await outsideIsWhole();
    assert.deepEqual((await readdir(home)).sort(), ['mine.txt']);
  });

  it('are not reached while a folder is swapped for a link', async () => {
    await mkdir(join(home, 'swap'));
    await writeFile(join(home, 'swap/secret'), 'inside');
    let isSwapping = true;
    const swap = async (): Promise<void> => {
      while (isSwapping) {
        await rename(join(home, 'swap'), join(home, 'aside'));
        await symlink(outside, join(home, 'swap'));
        await new Promise(setImmediate);
        await unlink(join(home, 'swap'));
        await rename(join(home, 'aside'), join(home, 'swap'));
      }
    };
    const swapping = swap();
    try {
      for (let round = 0; round < 60; round++) {
        const answers = await Promise.all([
          drawer.get('swap/secret').then((answer) => answer.text()),
          client.fetch(`${at}/files?path=swap`).then((answer) => answer.text()),
          drawer.put(`swap/planted-${round}`, 'planted').then((answer) => answer.text()),
          drawer.operate({ op: 'mkdir', path: `swap/made-${round}` }).then((answer) => JSON.stringify(answer.body)),
          drawer
            .operate({ op: 'copy', from: 'swap', to: `copy-${round}` })
            .then((answer) => JSON.stringify(answer.body)),
        ]);
        for (const text of answers) assert(!text.includes(secret), text);
      }
    } finally {
      isSwapping = false;
      await swapping;
    }
    await outsideIsWhole();
    for (const name of await readdir(home)) {
      // A link is copied as a link: what it leads to is as much out of reach as before.
      if (!name.startsWith('copy-') || (await lstat(join(home, name))).isSymbolicLink()) continue;
      if ((await readdir(join(home, name))).includes('secret'))
        assert.equal(await readFile(join(home, name, 'secret'), 'utf8'), 'inside');
    }
  });

  it('are each user’s own: no path leads to another’s, and $USER is no name', async () => {
    const theirs = new Drawer(world.as.other, at);
    assert.equal((await theirs.put('theirs.txt', 'theirs')).status, 201);
    assert.deepEqual(
      (await drawer.list()).body.items.map(({ name }) => name),
      ['mine.txt'],
    );
    assert.deepEqual(
      (await theirs.list()).body.items.map(({ name }) => name),
      ['theirs.txt'],
    );
    for (const path of ['theirs.txt', '../other/theirs.txt', '$USER', '../$USER'])
      assert((await drawer.get(path)).status >= 400);
    assert.equal((await drawer.put('$USER', 'a name like any other')).status, 201);
    assert.equal(await readFile(join(home, '$USER'), 'utf8'), 'a name like any other');
    assert.equal((await drawer.operate({ op: 'remove', path: '$USER' })).status, 200);
    const conf = { base: '/tmp/$USER/../x' };
    for (const base of [conf.base, '/tmp/$USERNAME', '/tmp/${USER}', '/tmp/$(id)', '/']) {
      const answer = await world.admin.post<Problem>('/storages', { name: 'x', backend: 'posix', conf: { base } });
      if (answer.status === 201) {
        const { id } = answer.body as unknown as Storage;
        const opened = await world.admin.get<Problem>(`/storages/${id}/files`);
        assert(opened.status >= 400, `${base}: ${JSON.stringify(opened.body)}`);
        await world.admin.must('DELETE', `/storages/${id}`);
      } else assert.deepEqual([answer.status, answer.body.field], [400, 'conf.base'], base);
    }
  });

  describe('as downloads', () => {
    it('are attachments in a sandbox, whatever they are called and hold', async () => {
      for (const [name, text] of hostileNames) {
        assert.equal((await drawer.put(name, text)).status, 201, name);
        for (const method of ['GET', 'HEAD']) {
          const answer = await raw(world.port, {
            method,
            path: `/api/v1${at}/content?path=${encodeURIComponent(name)}`,
            headers: client.headers as Record<string, string>,
          });
          assert.equal(answer.status, 200, name);
          assert.match(
            String(answer.headers['content-disposition']),
            /^attachment; filename="[^"\\\r\n]*"; filename\*=UTF-8''[^\s"']+$/,
            name,
          );
          assert.equal(answer.headers['x-content-type-options'], 'nosniff', name);
          assert.match(String(answer.headers['content-security-policy']), /^sandbox;/, name);
          assert.equal(answer.headers['set-cookie'], undefined, name);
          assert.match(String(answer.headers['cache-control']), /no-store/);
          assert.equal(answer.headers['cross-origin-resource-policy'], 'same-origin');
          assert.equal(answer.body, method === 'GET' ? text : '');
        }
        const { body } = await drawer.list();
        assert(
          body.items.some((item) => item.name === name),
          name,
        );
        const renamed = await drawer.operate({ op: 'move', from: name, to: `moved ${name}`.slice(0, 200) });
        assert.equal(renamed.status, 200, name);
        assert.equal((await drawer.operate({ op: 'remove', path: `moved ${name}`.slice(0, 200) })).status, 200, name);
      }
      assert.deepEqual((await readdir(home)).sort(), ['mine.txt']);
    });

    it('come in the ranges that were asked for, and in no others', async () => {
      await drawer.put('ten', '0123456789');
      await drawer.put('empty', '');
      for (const [name, range, status, text] of ranges) {
        const answer = await client.fetch(`${at}/content?path=${name}`, { headers: { Range: range } });
        assert.deepEqual([answer.status, await answer.text()], [status, text], `${name} ${range}`);
        assert.match(answer.headers.get('content-security-policy') ?? '', /^sandbox/);
      }
      for (const path of ['ten', 'empty']) await drawer.operate({ op: 'remove', path });
    });
  });

  describe('as uploads', () => {
    it('that break off leave nothing, and what was there as it was', async () => {
      const head = (name: string, more: string): string => {
        const headers = Object.entries(client.headers).map(([key, value]) => `${key}: ${value}`);
        const path = `/api/v1${at}/content?path=${name}&overwrite=true`;
        return [`PUT ${path} HTTP/1.1`, `Host: localhost:${world.port}`, ...headers, more, '', ''].join('\r\n');
      };
      for (const [name, more, body] of [
        ['half', 'Content-Length: 1000000', 'x'.repeat(100_000)],
        ['mine.txt', 'Content-Length: 1000000', 'x'.repeat(100_000)],
        ['mine.txt', 'Transfer-Encoding: chunked', `ff\r\n${'x'.repeat(255)}\r\n`],
        ['mine.txt', 'Transfer-Encoding: chunked', `ff\r\n${'x'.repeat(255)}\r\nnonsense\r\n`],
      ] as const) {
        const socket = connect(world.port, '127.0.0.1').on('error', () => undefined);
        await once(socket, 'connect');
        socket.write(head(name, more) + body);
        await new Promise((resolve) => setTimeout(resolve, 100));
        socket.destroy();
      }
      const isClean = async (): Promise<boolean> => String((await readdir(home)).sort()) === 'mine.txt';
      await eventually('nothing is left of what broke off', isClean);
      assert.equal(await readFile(join(home, 'mine.txt'), 'utf8'), 'mine');
    });

    it('replace nothing unless they say so', async () => {
      assert.equal((await drawer.put('mine.txt', 'other')).status, 409);
      assert.equal(await readFile(join(home, 'mine.txt'), 'utf8'), 'mine');
      await mkdir(join(home, 'folder'));
      assert.equal((await drawer.put('folder', 'other', '&overwrite=true')).status, 409);
      assert.equal((await drawer.put('', 'other', '&overwrite=true')).status >= 400, true);
      await rm(join(home, 'folder'), { recursive: true });
    });

    it('do not write through a second name of a file', async () => {
      await link(join(outside, 'secret'), join(home, 'second'));
      assert.equal((await drawer.put('second', 'new', '&overwrite=true')).status, 201);
      assert.equal(await readFile(join(home, 'second'), 'utf8'), 'new');
      await drawer.operate({ op: 'remove', path: 'second' });
      await outsideIsWhole();
    });
  });

  it('of a storage that is only read stay as they are', async () => {
    const conf = { base: outside };
    const { id } = await world.admin.must<Storage>('POST', '/storages', {
      name: 'Fixed',
      backend: 'posix',
      readOnly: true,
      conf,
      owner: { kind: 'platform' },
    });
    const place = `/storages/${id}`;
    assert.equal(await (await client.fetch(`${place}/content?path=secret`)).text(), secret);
    const writes = [
      client.fetch(`${place}/content?path=new`, { method: 'PUT', body: 'x' }),
      client.fetch(`${place}/content?path=secret&overwrite=true`, { method: 'PUT', body: 'x' }),
      ...[
        { op: 'mkdir', path: 'x' },
        { op: 'remove', path: 'secret' },
        { op: 'move', from: 'secret', to: 'x' },
        { op: 'copy', from: 'secret', to: 'x' },
      ].map((body) =>
        client.fetch(`${place}/operations`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }),
      ),
    ];
    for (const answer of await Promise.all(writes)) assert.equal(answer.status, 403);
    await outsideIsWhole();
    await world.admin.must('PATCH', place, { browsable: false });
    assert.equal((await client.get(`${place}/files`)).status, 403);
    await world.admin.must('DELETE', place);
  });

  describe('and the platform', () => {
    it('ends with nothing left', () => world.end(client));
  });
});
