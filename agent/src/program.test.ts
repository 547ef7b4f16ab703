import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readAgent } from './index.ts';
import { agentFile, shells } from './testing/run.ts';

const run = promisify(execFile);

describe('the agent’s program', function () {
  this.timeout(60_000);

  it('has no fault that shellcheck knows of', async () => {
    const { stdout } = await run('shellcheck', ['--shell', 'sh', agentFile]);
    assert.equal(stdout, '');
  });

  it('is known by its text', () => {
    const { text, version } = readAgent();
    assert.match(text, /^#!\/bin\/sh\n/);
    assert.match(version, /^[0-9a-f]{12}$/);
  });

  for (const [program = '', ...args] of shells) {
    it(`says how it is used, in ${program}`, async () => {
      const failure = await run(program, [...args, agentFile, 'relative']).catch((error: unknown) => error);
      assert.equal((failure as { code?: number }).code, 64);
    });
  }
});
