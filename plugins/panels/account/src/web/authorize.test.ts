import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorizeCommand } from './authorize.ts';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB+/x= stele:ada@stele.example.org';

describe('the command that adds a key', () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'stele-home-'))));
  afterEach(() => rmSync(home, { recursive: true }));

  const paste = (line: string): string => {
    execFileSync('sh', [], { input: authorizeCommand(line), env: { ...process.env, HOME: home } });
    return readFileSync(join(home, '.ssh/authorized_keys'), 'utf8');
  };

  it('makes folder and file for their owner alone, and adds one line each time', () => {
    assert.equal(paste(key), `${key}\n`);
    assert.equal(paste(key), `${key}\n${key}\n`);
    assert.equal(statSync(join(home, '.ssh')).mode & 0o777, 0o700);
    assert.equal(statSync(join(home, '.ssh/authorized_keys')).mode & 0o777, 0o600);
  });

  it('runs nothing that a line has in it', () => {
    const hostile = `${key}'; touch ~/run; echo '$(touch ~/run)`;
    paste(hostile);
    assert.throws(() => statSync(join(home, 'run')), { code: 'ENOENT' });
  });
});
