import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RotatingFile } from './rotating-file.ts';

describe('RotatingFile', () => {
  let folder: string;
  let complaints: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stele-log-'));
    complaints = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const path = (): string => join(folder, 'stele.log');
  const open = (size = 10, kept = 2): RotatingFile =>
    new RotatingFile(path(), (words) => complaints.push(words), { size, kept });

  it('goes on where it left off, and only its user can read it', () => {
    writeFileSync(path(), 'old\n', { mode: 0o600 });
    using file = open();
    file.write('new\n');
    assert.equal(readFileSync(path(), 'utf8'), 'old\nnew\n');
    using _ = new RotatingFile(join(folder, 'fresh.log'), assert.fail);
    assert.equal(statSync(join(folder, 'fresh.log')).mode & 0o777, 0o600);
  });

  it('keeps as many full files as it may, the newest first', () => {
    using file = open();
    for (const line of ['1111111\n', '2222222\n', '3333333\n', '4444444\n']) file.write(line);
    assert.deepEqual(readdirSync(folder).toSorted(), ['stele.log', 'stele.log.1', 'stele.log.2']);
    assert.deepEqual(
      ['stele.log', 'stele.log.1', 'stele.log.2'].map((name) => readFileSync(join(folder, name), 'utf8')[0]),
      ['4', '3', '2'],
    );
  });

  it('writes a line that is longer than a file', () => {
    using file = open();
    file.write('x'.repeat(50));
    file.write('y');
    assert.equal(readFileSync(`${path()}.1`, 'utf8').length, 50);
  });

  it('says once that it can’t write, and lets the platform live', () => {
    // Writing to a device that is always full.
    using file = new RotatingFile('/dev/full', (words) => complaints.push(words));
    file.write('1\n');
    file.write('2\n');
    assert.equal(complaints.length, 1);
    assert.match(complaints[0]!, /ENOSPC/);
  });
});
