import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { FileItem } from '@stele/sdk/api';
import {
  type ApiClient,
  type Engine,
  endCleanly,
  Platform,
  type Problem,
  siteWith,
  skip,
  Yard,
} from '../e2e/lib/index.ts';
import { imageLimit, openPodman, worldOf } from './lib/world.ts';

const run = promisify(execFile);
const mebibyte = 2 ** 20;
/** Room on the disk. */
const room = 4 * mebibyte;
const small = {
  name: 'Small disk',
  backend: 'posix',
  access: 'local',
  auth: 'none',
  computing: 'This machine',
  conf: { base: '${data}/small/$USER', bind: '/storage/small' },
};

/** A disk of its own, or why there can't be one. */
async function mount(folder: string): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'only root mounts a small disk';
  return run('mount', ['-t', 'tmpfs', '-o', `size=${room},mode=0755`, 'stele-small', folder]).then(
    () => undefined,
    (error: Error) => `no small disk can be mounted here: ${error.message}`,
  );
}

describe('a storage whose disk is full', function () {
  this.timeout(60_000);
  let engine: Engine;
  let yard: Yard;
  let disk: string | undefined;
  let platform: Platform;
  let api: ApiClient;
  let storage: string;

  before(async function () {
    this.timeout(imageLimit);
    yard = await Yard.open();
    const folder = await yard.folder('small');
    const reason = await mount(folder);
    if (reason !== undefined) return skip(this, reason);
    disk = folder;
    engine = await openPodman();
    platform = await Platform.start({
      site: siteWith(engine, { resources: worldOf({ storages: [small] }) }),
      engine,
      yard,
    });
    api = await platform.logIn();
    storage = (await api.storage('Small disk')).id;
  });

  after(async () => {
    await platform?.[Symbol.asyncDispose]();
    if (disk) await run('umount', [disk]);
    await yard[Symbol.asyncDispose]();
  });

  const upload = (path: string, body: BodyInit, more = ''): Promise<Response> =>
    api.fetch(`/storages/${storage}/content?path=${path}${more}`, { method: 'PUT', body, duplex: 'half' });
  const names = async (): Promise<string[]> =>
    (await api.items<FileItem>(`/storages/${storage}/files?hidden=true`)).map(({ name }) => name);

  async function demandFull(answer: Response): Promise<void> {
    const problem = (await answer.json()) as Problem;
    assert.deepEqual([answer.status, problem.code], [507, 'LIMIT'], JSON.stringify(problem));
    assert.match(problem.detail, /full|space|room/i);
  }

  /** A body of unknown length. */
  async function* chunks(count: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < count; at++) yield new Uint8Array(mebibyte / 4).fill(at);
  }

  it('refuses an upload in words, and keeps no part of it', async () => {
    // Much more than what fits between client and server: whoever is cut off while sending never reads why.
    for (const times of [2, 8]) await demandFull(await upload('large.bin', new Uint8Array(times * room)));
    assert.deepEqual(await names(), []);
  });

  it('refuses one whose length nobody knew', async () => {
    await demandFull(await upload('stream.bin', chunks(32) as unknown as BodyInit));
    assert.deepEqual(await names(), []);
  });

  it('keeps a file that was to be overwritten', async () => {
    assert.equal((await upload('kept.txt', 'as it was')).status, 201);
    await demandFull(await upload('kept.txt', new Uint8Array(2 * room), '&overwrite=true'));
    assert.deepEqual(await names(), ['kept.txt']);
    const content = await api.fetch(`/storages/${storage}/content?path=kept.txt`);
    assert.equal(await content.text(), 'as it was');
  });

  it('refuses a copy that does not fit', async () => {
    assert.equal((await upload('half.bin', new Uint8Array(room * 0.6))).status, 201);
    const operation = { op: 'copy', from: 'half.bin', to: 'again.bin' };
    const answer = await api.post<Problem>(`/storages/${storage}/operations`, operation);
    assert.deepEqual([answer.status, answer.body.code], [507, 'LIMIT'], JSON.stringify(answer.body));
    assert.deepEqual((await names()).sort(), ['half.bin', 'kept.txt']);
  });

  it('and has room again: takes files, and tasks run', async () => {
    await api.must('POST', `/storages/${storage}/operations`, { op: 'remove', path: 'half.bin' });
    assert.equal((await upload('fits.bin', new Uint8Array(room / 2))).status, 201);
    const { id } = await api.launch('Echo');
    await api.ready(id);
    await endCleanly(platform, [api], engine);
  });
});
