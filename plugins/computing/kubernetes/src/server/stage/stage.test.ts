import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { hasCode } from '@stele/sdk';
import { eventually, rejectsWith } from '@stele/sdk/testing';
import { confOf } from '../conf.ts';
import { entryOf, refusalOf, spelled, usageOf } from './answers.ts';
import { copierState } from './copier-state.ts';
import { claimOf, copierOf } from './manifests.ts';
import { stageScript } from './script.ts';
import { ScriptedTree } from './tree.ts';

const run = promisify(execFile);
const never = new AbortController().signal;
const key = 'k'.repeat(16);

describe('a task’s own folder, by a script', () => {
  const yard = mkdtempSync(join(tmpdir(), 'stele-stage-'));
  const [folder, script] = [join(yard, 'stage'), join(yard, 'script')];
  const at = (path: string): string => join(folder, path);
  let scripts = 0;
  const tree = new ScriptedTree(async () => {
    scripts += 1;
    const shell = spawn('sh', [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    return Duplex.from({ writable: shell.stdin, readable: shell.stdout }).on('error', () => undefined);
  });
  before(() => {
    mkdirSync(folder);
    writeFileSync(script, stageScript);
  });
  after(() => {
    tree.close();
    // A script that was cut off removes what it had begun.
    rmSync(yard, { recursive: true, force: true, maxRetries: 20 });
  });

  it('has no fault that shellcheck knows of', async () => {
    const { stdout } = await run('shellcheck', ['--shell', 'sh', script]).catch(
      (error: { readonly stdout: string }) => error,
    );
    assert.equal(stdout, '');
  });

  const write = (path: string, content: Buffer, size = content.length): Promise<void> =>
    tree.write(path, Readable.from([content.subarray(0, 10), content.subarray(10)]), { size }, never);
  const read = async (path: string, start: number, end: number): Promise<Buffer> =>
    Buffer.concat(await Array.fromAsync((await tree.read(path, { start, end }, never)) as AsyncIterable<Buffer>));

  it('takes and gives files of any length and name, one script after the other', async () => {
    for (const [name, size] of [
      ['empty', 0],
      ['-n $(id) "it’s"\t', 65_536],
      ['line\nbreak', 200_001],
      ['\\0101', 7],
    ] as const) {
      const content = Buffer.alloc(size, `${name} `);
      await write(name, content);
      assert(readFileSync(at(name)).equals(content), name);
      assert((await read(name, 0, Math.max(0, size - 1))).equals(content), name);
    }
    assert.equal((await read('\\0101', 2, 4)).length, 3);
    assert.equal(scripts, 1);
  });

  it('makes folders, lists them by pages, and says what isn’t to be copied', async () => {
    await tree.makeFolder('out', never);
    for (const name of ['a', 'b b', '.hidden']) await write(`out/${name}`, Buffer.from(name));
    symlinkSync('/etc/passwd', at('out/link'));
    writeFileSync(at('out/odd\nname'), '');
    const first = await tree.list('out', { hidden: true, limit: 3 }, never);
    assert.deepEqual([first.items.length, first.next], [3, '3']);
    const { items, next } = await tree.list('out', { hidden: true, limit: 3, cursor: first.next ?? '' }, never);
    assert.equal(next, undefined);
    const seen = [...first.items, ...items].map(({ path, kind, size }) => `${path} ${kind} ${size}`).sort();
    assert.deepEqual(seen, [
      'out/.hidden file 7',
      'out/? other 0',
      'out/a file 1',
      'out/b b file 3',
      'out/link link 0',
    ]);
    assert.equal((await tree.stat('out/link', never)).kind, 'link');
    // Nor is anything written through one.
    symlinkSync(folder, at('out/away'));
    await tree.write('out/away', Readable.from([Buffer.from('x')]), { overwrite: true, size: 1 }, never);
    assert.equal((await tree.stat('out/away', never)).kind, 'file');
    assert.equal((await tree.stat('', never)).kind, 'folder');
  });

  it('refuses in codes, and goes on', async () => {
    await rejectsWith('NOT_FOUND', tree.stat('nowhere', never));
    await rejectsWith('CONFLICT', tree.makeFolder('out', never));
    await rejectsWith('NOT_FOUND', write('no/such/folder', Buffer.alloc(300_000)));
    assert.equal((await tree.stat('out', never)).kind, 'folder');
    for (const path of ['../x', '/x', 'a//b', 'a/./b']) await rejectsWith('INVALID', tree.stat(path, never));
    await rejectsWith('NOT_FOUND', tree.remove('nowhere', never));
  });

  it('leaves nothing of a file that doesn’t come whole', async () => {
    await rejectsWith('UNREACHABLE', write('half', Buffer.from('half of it'), 20));
    await rejectsWith('UNREACHABLE', write('more', Buffer.from('more than there should be'), 5));
    const left = () => readdirSync(folder).filter((name) => /half|more|\.part$/.test(name));
    await eventually(
      () => `nothing is left of ${left().join()}`,
      async () => left().length === 0,
      5_000,
    );
  });

  it('is no file that becomes shorter while it is read', async () => {
    const large = Buffer.alloc(4 << 20, 'x');
    await write('shrinks', large);
    const content = (await tree.read('shrinks', { start: 0, end: large.length - 1 }, never)) as AsyncIterable<Buffer>;
    const error = await rejectsWith(
      'UNREACHABLE',
      (async () => {
        for await (const _ of content) writeFileSync(at('shrinks'), 'little');
      })(),
    );
    assert.match(error.message, /became shorter/);
  });

  it('removes, says how much room there is, and ends with whoever gives up', async () => {
    await tree.remove('out', never);
    await rejectsWith('NOT_FOUND', tree.stat('out', never));
    const { total = 0, free = 0 } = (await tree.usage(never)) ?? {};
    assert(total > free && free > 0);
    const over = new AbortController();
    async function* cut(): AsyncGenerator<Buffer> {
      yield Buffer.from('x');
      over.abort();
      throw new Error('cut');
    }
    const stuck = tree.write('stuck', cut(), { size: 2 }, over.signal);
    await assert.rejects(stuck);
    assert.deepEqual(readdirSync(folder).includes('stuck'), false);
  });

  if (process.getuid?.() !== 0) {
    it('says what the task keeps for itself', async () => {
      mkdirSync(at('own'));
      chmodSync(at('own'), 0);
      await rejectsWith('DENIED', tree.list('own', {}, never));
    });
  }
});

describe('what a script says of a task’s folder', () => {
  for (const [said, code] of [
    ['dd: writing: No space left on device', 'LIMIT'],
    ["mkdir: can't create directory './x': Permission denied", 'DENIED'],
    ["mkdir: can't create directory './x/y': No such file or directory", 'NOT_FOUND'],
    ['something else', 'PROTOCOL'],
  ] as const) {
    it(`${code}: ${said}`, () => assert.equal(refusalOf(said, 'x').code, code));
  }
  it('is refused where it is no entry', () => {
    assert.throws(
      () => entryOf('stat: what?', 'x'),
      (error) => hasCode(error, 'PROTOCOL'),
    );
  });
  it('is the room there', () => {
    assert.deepEqual(usageOf('/dev/sda1  1000  400  600  40% /stage'), { total: 1_024_000, free: 614_400 });
  });
  it('is asked about by paths that no shell takes apart', () => {
    assert.deepEqual([spelled(''), spelled('a/b c')], ['.', './a/b\\0040c']);
  });
});

describe('the pod that copies', () => {
  const conf = confOf({ conf: { stageSize: 1 << 30, nodeSelector: { gpu: 'yes' }, user: 0 } });

  it('has a claim of the size that was set, and no right of the task’s or the platform’s', () => {
    const place = { key, namespace: 'of-ada' };
    const { spec } = claimOf(place, conf) as { spec: object };
    assert.deepEqual(spec, { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1073741824' } } });
    const pod = copierOf(place, conf) as { spec: Record<string, unknown>; metadata: { labels: object } };
    const { automountServiceAccountToken, nodeSelector, affinity, securityContext } = pod.spec;
    assert.deepEqual([automountServiceAccountToken, nodeSelector, affinity], [false, { gpu: 'yes' }, undefined]);
    assert.equal((securityContext as { runAsUser: number }).runAsUser, 65_534);
    // It is no task: nobody may take it for one.
    assert(!('stele.task' in pod.metadata.labels));
  });

  it('goes where the task runs', () => {
    assert.match(JSON.stringify(copierOf({ key, namespace: 'x', node: 'n7' }, conf)), /"metadata.name".*"n7"/);
  });

  const container = (state: object) => ({ status: { phase: 'Pending', containerStatuses: [{ state }] } });
  for (const [name, pod, state] of [
    ['runs', container({ running: {} }), 'ready'],
    ['goes', { metadata: { deletionTimestamp: 'now' }, ...container({ running: {} }) }, 'going'],
    ['has ended', { status: { phase: 'Failed' } }, 'over'],
    ['has no image', container({ waiting: { reason: 'ImagePullBackOff', message: 'no' } }), 'refused'],
    ['is being made', container({ waiting: { reason: 'ContainerCreating' } }), 'waiting'],
    ['has no place', { status: { conditions: [{ type: 'PodScheduled', message: 'no node' }] } }, 'waiting'],
  ] as const) {
    it(`${name}: ${state}`, () => assert.equal(copierState(pod).state, state));
  }
});
