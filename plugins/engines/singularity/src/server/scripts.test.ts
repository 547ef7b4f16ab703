import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { skip } from '@stele/sdk/testing';
import { readHostScript } from './host-script.ts';
import { imageWord, launch } from './launch.ts';

const run = promisify(execFile);

describe('scripts that travel', function () {
  this.timeout(60_000);

  for (const [name, text] of [
    ['on the host', readHostScript()],
    ['on the node', launch[2] ?? ''],
  ] as const) {
    it(`have no fault that shellcheck knows of (${name})`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'stele-scripts-'));
      await writeFile(join(folder, 'script'), text);
      const { stdout } = await run('shellcheck', ['--shell', 'sh', join(folder, 'script')]).catch(
        (failure: unknown) => failure as { stdout: string },
      );
      await rm(folder, { recursive: true });
      assert.equal(stdout, '');
    });
  }

  const uid = process.getuid?.() ?? 0;
  const makeFolder: Readonly<Record<string, (folder: string) => Promise<void>>> = {
    'that others may write to': (folder) => mkdir(folder).then(() => chmod(folder, 0o777)),
    'that a group may write to': (folder) => mkdir(folder).then(() => chmod(folder, 0o770)),
    'that is a link': (folder) => mkdir(`${folder}-x`, { mode: 0o700 }).then(() => symlink(`${folder}-x`, folder)),
    'of another account': (folder) => mkdir(folder, { mode: 0o755 }).then(() => chown(folder, 65_534, 65_534)),
  };
  for (const [what, make] of Object.entries(makeFolder)) {
    it(`run no image from a folder ${what}`, async function () {
      if (what === 'of another account' && uid !== 0) return skip(this, 'only root can give files away');
      await using common = await commonFolder();
      await make(join(common.path, String(uid)));
      await writeFile(join(common.path, String(uid), 'planted.sif'), '');
      const onHost = ['sh', '-c', readHostScript(), 'stele', common.program, common.path];
      assert.equal(await exitOf([...onHost, 'has', 'planted.sif']), 46);
      assert.equal(await exitOf([...onHost, 'look', 'planted.sif']), 46);
      assert.equal(await exitOf([...onHost, 'pull', 'planted.sif', 'docker://x/y', '']), 46);
      assert.equal(await exitOf([...onHost, 'start', 'name', 'planted.sif']), 46);
      assert.equal(await exitOf(common.onNode('planted.sif')), 126);
    });
  }

  it('run an image from a folder that is the account’s own', async () => {
    await using common = await commonFolder();
    await mkdir(join(common.path, String(uid)), { mode: 0o755 });
    await writeFile(join(common.path, String(uid), 'good.sif'), '');
    const onHost = ['sh', '-c', readHostScript(), 'stele', common.program, common.path];
    assert.equal(await exitOf([...onHost, 'has', 'good.sif']), 0);
    const [program = '', ...args] = common.onNode('good.sif');
    assert.match((await run(program, args)).stdout, new RegExp(`${common.path}/${uid}/good\\.sif`));
  });
});

/** A folder for everybody's images, and a program that says what it is asked to run. */
async function commonFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'stele-images-'));
  const [path, program, scratch] = [join(folder, 'images'), join(folder, 'program'), join(folder, 'scratch')];
  await mkdir(path);
  await writeFile(program, '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
  const choices = (file: string) => [program, path, file, 'docker://x/y', '', join(folder, 'home'), scratch, ''];
  return {
    path,
    program,
    onNode: (file: string): string[] => [...launch, ...choices(file), imageWord],
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

async function exitOf([program = '', ...args]: readonly string[]): Promise<number> {
  const running = run(program, args);
  running.child.stdin?.end();
  return running.then(
    () => 0,
    (failure: { code: number }) => failure.code,
  );
}
