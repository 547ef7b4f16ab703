import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { proxyScript } from './proxy-script.ts';

const run = promisify(execFile);

describe('the script around kubectl', () => {
  it('has no fault that shellcheck knows of', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stele-kube-'));
    await writeFile(join(folder, 'script'), proxyScript);
    const { stdout } = await run('shellcheck', ['--shell', 'sh', join(folder, 'script')]).catch(
      (error: { readonly stdout: string }) => error,
    );
    await rm(folder, { recursive: true });
    assert.equal(stdout, '');
  });
});
