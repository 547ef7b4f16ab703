import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rejectsWith, settlesWithin, skip } from '@stele/sdk/testing';
import { LocalFileTree } from './tree.ts';

const never = new AbortController().signal;

/** Aborts when something has changed in a folder. */
function onceChanged(folder: string): AbortSignal {
  const given = new AbortController();
  const watcher = watch(folder, () => {
    watcher.close();
    given.abort();
  });
  return given.signal;
}

describe('files of this machine, hard cases', function () {
  this.timeout(120_000);
  const root = mkdtempSync(join(tmpdir(), 'stele-hard-'));
  const tree = new LocalFileTree(root);
  after(() => rmSync(root, { recursive: true }));

  /** Descriptors of this process: none may be left open. */
  const descriptors = () => readdirSync('/proc/self/fd').length;

  it('lists 100,000 entries page by page', async () => {
    mkdirSync(join(root, 'many'));
    // Names of two files: a file system gives one no more than 65,000, and makes files slowly.
    for (const [half, file] of ['even', 'odd'].map((name) => join(root, 'many', name)).entries()) {
      writeFileSync(file, '');
      for (let index = half; index < 100_000; index += 2) linkSync(file, join(root, 'many', `file ${index}.txt`));
      rmSync(file);
    }
    const first = await tree.list('many', { limit: 1_000 }, never);
    assert.equal(first.total, 100_000);
    assert.equal(first.items.at(-1)?.name, 'file 999.txt');
    const second = await tree.list('many', { limit: 1_000, cursor: first.next ?? '' }, never);
    assert.equal(second.items[0]?.name, 'file 1000.txt');
    await tree.remove('many', never);
  });

  it('lists, copies and removes names that are no UTF-8', async () => {
    mkdirSync(join(root, 'odd'));
    const name = Buffer.concat([Buffer.from(join(root, 'odd/x')), Buffer.from([0xff, 0xfe, 0x0a])]);
    writeFileSync(name, 'text');
    assert.deepEqual(
      (await tree.list('odd', {}, never)).items.map((item) => [item.name, item.size]),
      [['x\ufffd\ufffd\n', 4]],
    );
    await tree.copy('odd', 'odd copy', never);
    const [copied] = readdirSync(join(root, 'odd copy'), { encoding: 'buffer' });
    assert.deepEqual(copied, Buffer.from([0x78, 0xff, 0xfe, 0x0a]));
    await tree.remove('odd', never);
    await tree.remove('odd copy', never);
  });

  it('copies a file that comes in smaller pieces than are asked for', async function () {
    const source = '/proc/kallsyms';
    if (!existsSync(source)) return skip(this, `there is no ${source}, which comes in such pieces`);
    await new LocalFileTree('/').copy(source.slice(1), join(root, 'copy').slice(1), never);
    assert(readFileSync(join(root, 'copy')).equals(readFileSync(source)));
    rmSync(join(root, 'copy'));
  });

  it('goes on from a name that is no UTF-8', async () => {
    mkdirSync(join(root, 'odd'));
    for (const last of [0xf8, 0xf9, 0xfa]) {
      writeFileSync(Buffer.concat([Buffer.from(join(root, 'odd/x')), Buffer.from([last])]), '');
    }
    let count = 0;
    let cursor: string | undefined;
    do {
      const page = await tree.list('odd', { limit: 1, ...(cursor === undefined ? {} : { cursor }) }, never);
      count += page.items.length;
      cursor = page.next;
    } while (cursor !== undefined);
    assert.equal(count, 3);
    await tree.remove('odd', never);
  });

  it('neither waits at pipes nor touches sockets', async () => {
    mkdirSync(join(root, 'special'));
    execFileSync('mkfifo', [join(root, 'special/pipe')]);
    const server = createServer().listen(join(root, 'special/socket'));
    writeFileSync(join(root, 'special/file'), 'text');
    try {
      for (const name of ['pipe', 'socket']) {
        const path = `special/${name}`;
        assert.equal((await tree.stat(path, never)).kind, 'other');
        await settlesWithin(1_000, 'reading', rejectsWith('CONFLICT', tree.read(path, undefined, never)));
        await settlesWithin(1_000, 'copying', rejectsWith('CONFLICT', tree.copy(path, 'copied', never)));
        const write = tree.write(path, (async function* () {})(), { offset: 0 }, never);
        await settlesWithin(1_000, 'writing', rejectsWith('CONFLICT', write));
      }
      await settlesWithin(1_000, 'copying', tree.copy('special', 'copied', never));
      assert.deepEqual(readdirSync(join(root, 'copied')), ['file']);
    } finally {
      server.close();
    }
  });

  it('says LIMIT for what is too deep, and closes every folder on the way', async () => {
    const before = descriptors();
    const deep = Array.from({ length: 300 }, () => 'd').join('/');
    mkdirSync(join(root, deep), { recursive: true });
    await rejectsWith('LIMIT', tree.stat(`${deep}/x`, never));
    await rejectsWith('LIMIT', tree.copy('d', 'e', never));
    assert.throws(() => statSync(join(root, 'e')), 'a copy that failed is taken back');
    assert.equal(descriptors(), before);
  });

  it('stops removing and copying when its caller gives up', async () => {
    mkdirSync(join(root, 'wide'));
    for (let index = 0; index < 5_000; index += 1) writeFileSync(join(root, 'wide', `${index}`), '');
    await rejectsWith('UNREACHABLE', tree.copy('wide', 'wider', onceChanged(root)));
    assert.throws(() => statSync(join(root, 'wider')));
    await rejectsWith('UNREACHABLE', tree.remove('wide', onceChanged(join(root, 'wide'))));
    const left = readdirSync(join(root, 'wide')).length;
    assert(left > 0 && left < 5_000, `${left} left`);
  });

  it('keeps permission bits of a file it replaces, and sets those of a new one', async () => {
    const content = async function* () {
      yield Buffer.from('x');
    };
    assert.equal((await tree.write('run.sh', content(), { mode: 0o755 }, never)).mode, 0o755);
    assert.equal((await tree.write('run.sh', content(), { overwrite: true }, never)).mode, 0o755);
    assert.equal((await tree.write('plain', content(), {}, never)).mode, 0o644);
  });

  it('follows absolute links that stay below the root', async () => {
    writeFileSync(join(root, 'target'), 'text');
    symlinkSync(join(root, 'target'), join(root, 'absolute'));
    symlinkSync(`${root}-neighbour/target`, join(root, 'neighbour'));
    assert.equal((await tree.stat('absolute', never)).kind, 'file');
    assert.equal((await tree.stat('neighbour', never)).kind, 'link');
  });

  it('says NOT_FOUND for a root that is not there', async () => {
    await rejectsWith('NOT_FOUND', new LocalFileTree(`${root}/no/such`).list('', {}, never));
  });

  it('leaves no descriptor open, whatever fails', async () => {
    const before = descriptors();
    const failing = [
      () => tree.read('nothing', undefined, never),
      () => tree.list('target', {}, never),
      () => tree.move('target', 'absolute', never),
      () => tree.copy('special', 'special/inner', never),
      () => tree.write('target/x', (async function* () {})(), {}, never),
    ];
    for (const call of failing) await assert.rejects(call());
    assert.equal(descriptors(), before);
  });
});
