import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skip } from '@stele/sdk/testing';
import { checkDataFolder, checkDisk, judgeDisk } from './data-folder.ts';
import { judgeName } from './names.ts';
import { checkNode } from './node.ts';
import { checkSecretKey } from './secret-key.ts';
import type { Subject } from './subject.ts';

describe('what the doctor says of the machine', () => {
  let folder: string;
  before(() => void (folder = mkdtempSync(join(tmpdir(), 'stele-doctor-'))));
  after(() => rmSync(folder, { recursive: true }));

  const versions: readonly [string, string][] = [
    ['v20.20.2', 'broken'],
    ['v24.21.0', 'broken'],
    ['v24.22.0', 'fine'],
    ['v25.9.0', 'broken'],
    ['v26.3.1', 'broken'],
    ['v26.4.0', 'fine'],
    ['v27.0.0', 'fine'],
  ];
  for (const [version, state] of versions) {
    it(`Node.js ${version}: ${state}`, () => assert.equal(checkNode(version).state, state));
  }

  for (const [free, state] of [
    [0.1, 'broken'],
    [2, 'weak'],
    [50, 'fine'],
  ] as const) {
    it(`${free} GiB free: ${state}`, () => assert.equal(judgeDisk(free).state, state));
  }

  it('looks at the disk of a folder that is not there yet', () => {
    assert.equal(checkDisk(join(folder, 'none', 'such')).check, 'disk');
  });

  const modes: readonly [number, string][] = [
    [0o700, 'fine'],
    [0o711, 'fine'],
    [0o755, 'weak'],
    [0o733, 'weak'],
  ];
  for (const [mode, state] of modes) {
    it(`a data folder with mode ${mode.toString(8)}: ${state}`, () => {
      const path = join(folder, mode.toString(8));
      mkdirSync(path);
      chmodSync(path, mode);
      assert.equal(checkDataFolder(path).state, state);
    });
  }

  it('a data folder that is not there is made later, not now', () => {
    const path = join(folder, 'later', 'data');
    assert.equal(checkDataFolder(path).state, 'fine');
    assert.ok(!existsSync(path));
  });

  it('a data folder where only a file could be: broken', function () {
    if (process.getuid?.() === 0) return skip(this, 'nothing is closed to root');
    mkdirSync(join(folder, 'closed'), { mode: 0o500 });
    assert.equal(checkDataFolder(join(folder, 'closed', 'data')).state, 'broken');
  });

  const keys: readonly [string, string | undefined, string][] = [
    ['none yet', undefined, 'fine'],
    ['too short', 'tiny', 'broken'],
    ['from an example', 'change-me-change-me-change-me-change-me', 'broken'],
    ['random', 'q8nTzY2RrX0uVw5kLpE3hJ6sMdGfBaCv', 'fine'],
  ];
  for (const [what, key, state] of keys) {
    it(`a secret key that is ${what}: ${state}, and not shown`, async () => {
      const environment = key === undefined ? {} : { STELE_SECRET_KEY: key };
      const finding = await checkSecretKey({ dataDir: folder, environment } as unknown as Subject);
      assert.equal(finding.state, state);
      assert.ok(key === undefined || !JSON.stringify(finding).includes(key));
    });
  }

  it('a secret key that others can read: broken', async () => {
    const dataDir = join(folder, 'exposed');
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'secret.key'), 'q8nTzY2RrX0uVw5kLpE3hJ6sMdGfBaCv', { mode: 0o644 });
    const finding = await checkSecretKey({ dataDir, environment: {} } as unknown as Subject);
    assert.equal(finding.state, 'broken');
    assert.match(finding.says, /chmod 600/);
  });

  it('names of this machine need no resolver, others do', () => {
    assert.equal(judgeName('x.tasks.localhost', undefined).state, 'fine');
    assert.match(judgeName('x.tasks.example', undefined).advice!, /\*\.tasks\.example/);
    assert.equal(judgeName('x.tasks.example', '192.0.2.1').state, 'fine');
  });
});
