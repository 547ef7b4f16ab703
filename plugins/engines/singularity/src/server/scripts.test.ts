import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readHostScript } from './host-script.ts';
import { launch } from './launch.ts';

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
});
