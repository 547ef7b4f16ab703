import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../testing/expect.ts';
import { withEnvironment, withPullBefore } from './wrap.ts';

describe('a command with an environment', () => {
  it('finds what is added as it is, beside what was there', () => {
    const value = `two  words; $(id) "'=*`;
    const [program = '', ...args] = withEnvironment({ ADDED: value }, [
      'sh',
      '-c',
      'printf %s "$ADDED,$1,$THERE"',
      'sh',
      '-n',
    ]);
    const { stdout } = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, THERE: 'there' } });
    assert.equal(stdout, `${value},-n,there`);
  });

  it('is itself when there is nothing to add', () => assert.deepEqual(withEnvironment({}, ['ls', '-l']), ['ls', '-l']));
});

describe('a command that fetches its image first', () => {
  let folder = '';
  const auth = () => join(folder, 'config.json');
  const said = () => join(folder, 'said');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stele-wrap-'));
    writeFileSync(auth(), 'canary');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Notes its arguments and whether there are credentials, and does what a script says. */
  function noted(then: string, ...words: readonly string[]): readonly string[] {
    const text = `test -e "$1" && has=yes || has=no; for word; do printf '[%s]' "$word"; done >>"$2"; echo "$has" >>"$2"; echo out; ${then}`;
    return ['sh', '-c', text, 'sh', auth(), said(), ...words];
  }

  function ran(pull: readonly string[], argv: readonly string[]) {
    const [program = '', ...args] = withPullBefore(folder, pull, argv);
    return spawnSync(program, args, { encoding: 'utf8' });
  }

  const hostile = ['', ' two ', '$(id)', "it's", '"', '*', '-n', 'ünï'];
  const shown = (words: readonly string[]) => [auth(), said(), ...words].map((word) => `[${word}]`).join('');

  it('has its words as they are, and no credentials', () => {
    const { status, stdout } = ran(noted('', 'pull', ...hostile), noted('exit 7', ...hostile, 'run'));
    const lines = [`${shown(['pull', ...hostile])}yes`, `${shown([...hostile, 'run'])}no`, ''];
    assert.equal(readFileSync(said(), 'utf8'), lines.join('\n'));
    assert.deepEqual([status, stdout], [7, 'out\n']);
  });

  it('does not run when the image can’t be fetched, says why, and leaves no credentials', () => {
    const { status, stderr } = ran(noted('echo refused >&2; exit 125'), noted(''));
    assert.deepEqual([status, stderr], [125, 'refused\n']);
    assert(!existsSync(auth()));
  });

  it('fetches nothing once the credentials are gone', () => {
    rmSync(auth());
    ran(noted('', 'pull'), noted('', 'run'));
    assert.equal(readFileSync(said(), 'utf8'), `${shown(['run'])}no\n`);
  });

  it('ends when it is asked to while it fetches, and leaves nothing', async () => {
    const [program = '', ...args] = withPullBefore(folder, noted('exec sleep 300'), noted('', 'run'));
    const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise((resolve) => child.once('close', resolve));
    await eventually('it fetches', () => existsSync(said()) && readFileSync(said(), 'utf8').endsWith('yes\n'), 10_000);
    child.kill('SIGTERM');
    // Its output closes when all that had it have ended.
    assert.equal(await ended, 143);
    assert(!existsSync(auth()));
    assert(!readFileSync(said(), 'utf8').includes('[run]'));
  });
});
