import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Host } from '@stele/sdk';
import { hasCode } from '@stele/sdk';
import { skip } from '@stele/sdk/testing';
import { demandOwn, keptFolders } from './home.ts';

/** This machine, as far as making folders goes. */
const host = {
  name: 'this machine',
  user: userInfo().username,
  exec: async ([program = '', ...args]: readonly string[]) => {
    const { stdout, stderr } = await promisify(execFile)(program, args);
    return { exitCode: 0, stdout, stderr };
  },
} as unknown as Host;
const { signal } = new AbortController();

describe('what tasks keep outside of a home', () => {
  it('is their folder, and their sandboxes', () => {
    assert.deepEqual(keptFolders({ conf: {} }), []);
    const conf = { folder: '/scratch/$USER/jobs', sandbox: '/local' };
    assert.deepEqual(keptFolders({ conf }), ['/scratch/$USER/jobs', '/local/stele-']);
  });
});

describe('the folder of an account’s tasks', () => {
  let parent = '';
  let state = '';
  const demand = () => demandOwn({ conf: { folder: state } }, { state, tasks: `${state}/tasks` }, host, signal);
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'stele-home-'));
    state = join(parent, 'state');
    await mkdir(`${state}/tasks`, { recursive: true, mode: 0o700 });
  });
  afterEach(() => rm(parent, { recursive: true }));

  it('is used when it is the account’s alone', demand);

  const planted: Readonly<Record<string, () => Promise<void>>> = {
    'another account’s': () => chown(state, 65_534, 65_534),
    'open to everybody': () => chmod(state, 0o777),
    'open to a group': () => chmod(state, 0o770),
    'a link': () => rename(state, `${state}-x`).then(() => symlink(`${state}-x`, state)),
    'with a folder of tasks that is another account’s': () => chown(`${state}/tasks`, 65_534, 65_534),
    'with a folder of tasks that is open to everybody': () => chmod(`${state}/tasks`, 0o777),
  };
  for (const [what, plant] of Object.entries(planted)) {
    it(`is refused when it is ${what}`, async function () {
      if (what.includes('another account') && process.getuid?.() !== 0)
        return skip(this, 'only root can give files away');
      await plant();
      await assert.rejects(demand(), (error) => hasCode(error, 'DENIED') && error.field === 'conf.folder');
    });
  }
});
