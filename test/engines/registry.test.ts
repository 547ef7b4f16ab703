import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import type { ContainerOperator } from '@stele/sdk';
import { eventually, inTime, rejectsWith, skip } from '@stele/sdk/testing';
import { LocalHost } from '../../plugins/access/local/src/server/local-host.ts';
import { CommandLines } from '../e2e/lib/command-lines.ts';
import { type Subject, subjects } from './api-world.ts';
import { bringUp, importTiny, registry } from './bed.ts';

const run = promisify(execFile);

for (const [title, bed, command, open] of subjects) {
  describe(`${title} and a guarded registry`, function () {
    this.timeout(120_000);
    const host = new LocalHost();
    let subject: Subject;
    let operator: ContainerOperator;
    const signal = (): AbortSignal => inTime(30_000);
    let guarded = { address: '', username: '', password: '' };

    before(async function () {
      this.timeout(300_000);
      const why = await bringUp(bed);
      if (why !== undefined) return skip(this, why);
      await bringUp('podman');
      await importTiny(['podman']);
      guarded = await registry();
      subject = await open();
      operator = subject.engine.operator(host);
      const { address, username, password } = guarded;
      const login = ['--tls-verify=false', '--creds', `${username}:${password}`];
      await run('podman', ['push', ...login, 'localhost/stele/tiny:1', `${address}/stele/tiny:1`]);
    });

    after(async () => {
      await run(command, ['rmi', `${guarded.address}/stele/tiny:1`]);
      await subject[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
    });

    it('fetches an image, says how far it is, and leaves the password nowhere', async () => {
      const { address, ...credentials } = guarded;
      const image = { registry: address, repository: 'stele/tiny', tag: '1' };
      const sentences: string[] = [];
      const foldersBefore = await authFolders();
      using lines = CommandLines.sample(2);
      const onProgress = (sentence: string): unknown => sentences.push(sentence);
      await operator.pull(image, { credentials, onProgress }, signal());
      // Other tests push to registries with this password meanwhile, and have to name it.
      const seen = lines.end(credentials.password).filter((line) => !/ (push|login) /.test(line));
      assert.deepEqual(seen, []);
      assert.equal(await operator.hasImage(image, signal()), true);
      assert(sentences.length > 0, 'it says how far it is');
      // Other tests' come and go meanwhile.
      const isGone = async () => (await authFolders()).every((folder) => foldersBefore.includes(folder));
      await eventually('no folder with credentials is left', isGone);
    });

    it('says by which digest the registry knows what runs', async () => {
      const image = { registry: guarded.address, repository: 'stele/tiny', tag: '1' };
      const name = `stele-registry-${Math.random().toString(36).slice(2, 12)}`;
      await operator.start({ name, image, env: {}, binds: [], labels: {} }, signal());
      const state = (await operator.observe([name], signal())).get(name);
      await operator.remove(name, signal());
      const { stdout } = await run(command, ['image', 'inspect', `${guarded.address}/stele/tiny:1`]);
      assert(state !== undefined && 'digest' in state && state.digest, 'it has a digest');
      assert(stdout.includes(`"${guarded.address}/stele/tiny@${state.digest}"`), state.digest);
    });

    it('tells a refusal from an image that is not there', async () => {
      const { address, ...credentials } = guarded;
      const image = { registry: address, repository: 'stele/tiny', tag: 'no-such-tag' };
      const wrong = { ...credentials, password: 'wrong' };
      await rejectsWith('DENIED', operator.pull(image, { credentials: wrong }, signal()), 'image');
      await rejectsWith('DENIED', operator.pull(image, {}, signal()), 'image');
      await rejectsWith('NOT_FOUND', operator.pull(image, { credentials }, signal()), 'image');
    });
  });
}

/** Folders in which credentials may lie. */
async function authFolders(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter((name) => /^stele-[A-Za-z0-9]{10}$/.test(name));
}
