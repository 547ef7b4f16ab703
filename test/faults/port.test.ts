import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { timeFactor } from '@stele/sdk/testing';
import { eventually, freePort, listens, Platform, processesNaming, root, Yard } from '../e2e/lib/index.ts';

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** A start that is to fail: how it ended, and what it said. */
function up(yard: Yard, port: number): Promise<Ended> {
  const program =
    process.env.STELE_TEST_FROM === 'source'
      ? ['--conditions=source', 'core/cli/src/main.ts']
      : ['core/cli/dist/main.js'];
  const args = ['up', '--data', yard.data, '--site', yard.siteFile, '--port', `${port}`, '--json', '--no-prepare'];
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...program, ...args],
      { cwd: root, timeout: 30_000 * timeFactor },
      (_error, out, said) => {
        assert.equal(out, '', 'nothing is announced');
        resolve({ code: child.exitCode, said });
      },
    );
  });
}

describe('a platform that can’t start', function () {
  this.timeout(60_000);
  const site = { plugins: { 'engine-podman': { enabled: false }, 'engine-docker': { enabled: false } } };

  it('because its port is taken: says so, ends, and leaves nothing', async () => {
    await using first = await Platform.start({ site });
    await using yard = await Yard.open();
    await yard.writeSite(site);
    const { code, said } = await up(yard, first.port);
    assert.equal(code, 1);
    assert.match(said, new RegExp(`Port ${first.port} of 127.0.0.1 is taken by another program.*--port 0`));
    assert.doesNotMatch(said, /\n\s+at /, 'words, no stack');
    assert.deepEqual(await processesNaming(yard.path), []);
    await first.logIn();
  });

  it('because something else took its port while it started', async () => {
    await using yard = await Yard.open();
    await yard.writeSite(site);
    const port = await freePort();
    const ended = up(yard, port);
    const isStarting = async (): Promise<boolean> => (await readdir(yard.data)).includes('postgres');
    await eventually('its database is made', isStarting, 20_000);
    await using thief = createServer().listen(port, '127.0.0.1');
    await once(thief, 'listening');
    const { code, said } = await ended;
    assert.equal(code, 1, said);
    assert.match(said, new RegExp(`Port ${port} .*is taken`));
    await eventually('its processes are gone', async () => (await processesNaming(yard.path)).length === 0);
  });

  it('because another runs on its data: says which, ends, and disturbs nobody', async () => {
    await using first = await Platform.start({ site });
    const api = await first.logIn();
    const files = (await readdir(first.yard.data)).sort();
    const { code, said } = await up(first.yard, 0);
    assert.equal(code, 1);
    assert.match(said, new RegExp(`\\(process ${first.pid}\\) already runs on ${first.yard.data}\\. Stop it first`));
    assert.doesNotMatch(said, /\n\s+at /, 'words, no stack');
    await api.must('GET', '/tasks');
    assert.deepEqual((await readdir(first.yard.data)).sort(), files);
    assert.equal(await first.stop(), 0);
    assert.equal(await listens(first.port), false);
  });

  it('one of two that start together on one folder ends, the other serves', async () => {
    await using yard = await Yard.open();
    const both = await Promise.allSettled([Platform.start({ site, yard }), Platform.start({ site, yard })]);
    const started = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refused = both.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
    try {
      assert.equal(started.length, 1, refused.join('\n'));
      assert.match(refused[0] ?? '', /already runs on|is used by|locked/i);
      await started[0]?.logIn();
    } finally {
      for (const one of started) await one.stop();
    }
    await eventually('no process is left', async () => (await processesNaming(join(yard.path, ''))).length === 0);
  });
});
