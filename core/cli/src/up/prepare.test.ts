import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '@stele/sdk';
import { prepare } from './prepare.ts';

describe('prepare', () => {
  let folder: string;
  before(() => void (folder = mkdtempSync(join(tmpdir(), 'stele-prepare-'))));
  after(() => rmSync(folder, { recursive: true }));

  const program = (name: string, text: string): string => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return `./${name}`;
  };
  const run = (
    name: string,
    environment: NodeJS.ProcessEnv = {},
    signal = new AbortController().signal,
  ): Promise<void> => prepare({ program: name, folder, environment, signal });

  it('runs in the folder of the site file, without the platform’s secrets', async () => {
    const environment = { STELE_SECRET_KEY: 's', STELE_DATABASE: 'd', STELE_MAIL__PASSWORD: 'm', STELE_DATA: '/x' };
    await run(
      program('good', 'pwd >out; echo "$STELE_DATA:$STELE_SECRET_KEY$STELE_DATABASE$STELE_MAIL__PASSWORD" >>out'),
      environment,
    );
    assert.equal(readFileSync(join(folder, 'out'), 'utf8'), `${folder}\n/x:\n`);
  });

  it('fails as the program does, and says how to go on without', async () => {
    await assert.rejects(run(program('bad', 'exit 3')), /bad ended with code 3.*--no-prepare/);
  });

  it('says that there is no such program', async () => {
    const wrong = (error: unknown): boolean => hasCode(error, 'INVALID') && error.field === 'prepare';
    await assert.rejects(run('./nothing'), wrong);
    writeFileSync(join(folder, 'text'), 'x', { mode: 0o644 });
    await assert.rejects(run('./text'), wrong);
  });

  it('is ended with us', async () => {
    const stopping = new AbortController();
    const running = run(program('slow', 'touch started; exec sleep 60'), { PATH: process.env.PATH }, stopping.signal);
    while (!existsSync(join(folder, 'started'))) await sleep(10);
    stopping.abort();
    await running;
  });
});
