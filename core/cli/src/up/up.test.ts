import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, processesWith, run } from '../testing.ts';

interface Answer {
  readonly url: string;
  readonly login: string;
}

describe('stele up', function () {
  this.timeout(60_000);
  let folder: string;
  let site: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stele-up-'));
    chmodSync(folder, 0o711); // As root, PostgreSQL's user passes through here.
    site = written('site: { name: Test, port: 0 }\n');
  });
  afterEach(() => {
    assert.deepEqual(processesWith(folder), [], 'something was left running');
    rmSync(folder, { recursive: true });
  });

  const written = (text: string): string => {
    const path = join(folder, 'site.yaml');
    writeFileSync(path, text);
    return path;
  };
  const dataDir = (): string => join(folder, 'data');
  const up = (...words: string[]): Command =>
    new Command('up', '--json', '--site', site, '--data', dataDir(), ...words);
  const serving = async (command: Command): Promise<Answer> => {
    const line = await command.firstLine;
    if (line === undefined) assert.fail(await command.stderr);
    return JSON.parse(line) as Answer;
  };

  it('says in one line of JSON where it serves, and ends cleanly on SIGTERM', async () => {
    await using command = up();
    const { url, login, ...rest } = await serving(command);
    assert.deepEqual(rest, {});
    assert.match(url, /^http:\/\/localhost:\d+$/);
    assert.ok(login.startsWith(`${url}/login#`));
    const answer = await fetch(`${url}/readyz`);
    assert.equal(answer.status, 200);
    assert.equal(await command.stop(), 0);
    assert.equal(command.stdout.split('\n').length, 1);
    assert.ok(!existsSync(join(dataDir(), 'control.json')));
  });

  it('ends at once when it is told twice, with its database', async () => {
    await using command = up();
    await serving(command);
    command.child.kill('SIGTERM');
    const code = await command.stop('SIGTERM');
    assert.ok(code === 0 || code === 1);
    await gone(dataDir());
  });

  it('goes on when its starter hangs up, where there is no terminal, and ends on SIGINT', async () => {
    await using command = up();
    const { url } = await serving(command);
    command.child.kill('SIGHUP');
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    assert.equal(await command.stop('SIGINT'), 0);
  });

  it('starts again after kill -9, with the database that was left', async () => {
    await using first = up();
    await serving(first);
    await first.stop('SIGKILL');
    await using second = up();
    const { url } = await serving(second);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
  });

  it('keeps a log that only its user reads, without the log-in link', async () => {
    await using command = up('--verbose');
    const { login } = await serving(command);
    await command.stop();
    const path = join(dataDir(), 'stele.log');
    const log = readFileSync(path, 'utf8');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.ok(log.split('\n').every((line) => line === '' || typeof JSON.parse(line) === 'object'));
    assert.match(log, /"msg":"Stele serves"/);
    assert.ok(!log.includes(login.split('#')[1]!));
    assert.ok(!(await command.stderr).includes(login.split('#')[1]!));
  });

  it('names the port that is taken', async () => {
    await using first = up();
    const { port } = new URL((await serving(first)).url);
    const second = await run('up', '--json', '--site', site, '--data', join(folder, 'other'), '--port', port);
    assert.deepEqual([second.code, second.stdout], [1, '']);
    assert.match(second.stderr, new RegExp(`Port ${port} of 127.0.0.1 is taken`));
  });

  it('refuses a data folder on which another one runs', async () => {
    await using first = up();
    await serving(first);
    const second = await run('up', '--site', site, '--data', dataDir());
    assert.equal(second.code, 1);
    assert.match(second.stderr, new RegExp(`process ${first.child.pid}\\) already runs on ${dataDir()}`));
  });

  it('lets one of two win that start at once', async () => {
    await using one = up();
    await using other = up();
    const lines = await Promise.all([one.firstLine, other.firstLine]);
    const winners = lines.filter((line) => line !== undefined);
    assert.equal(
      winners.length,
      1,
      (await Promise.all([one.stop(), other.stop(), one.stderr, other.stderr])).join('\n'),
    );
    const loser = lines[0] === undefined ? one : other;
    assert.equal(await loser.ended(), 1);
    assert.match(await loser.stderr, /already runs on/);
  });

  const wrong: readonly [string, string, RegExp][] = [
    ['a site file that is wrong', 'site: { prot: 1 }', /prot/],
    ['a database URL that is none', 'database: "postgres://"', /database/],
    ['a “prepare” that is not there', 'prepare: ./none', /“prepare” of the site file names .*none.*--no-prepare/],
  ];
  for (const [what, text, words] of wrong) {
    it(`ends with 78 for ${what}`, async () => {
      const { code, stdout, stderr } = await run(
        'up',
        '--json',
        '--port',
        '0',
        '--site',
        written(text),
        '--data',
        dataDir(),
      );
      assert.deepEqual([code, stdout], [78, '']);
      assert.match(stderr, words);
    });
  }

  it('ends with 2 for a wrong command line', async () => assert.equal((await run('up', '--port', 'x')).code, 2));

  it('ends with 1 when the preparation fails, unless it is left out', async () => {
    writeFileSync(join(folder, 'prepare'), '#!/bin/sh\necho to-stdout\necho "no $STELE_DATA" >&2\nexit 5\n', {
      mode: 0o755,
    });
    site = written('prepare: ./prepare\nsite: { port: 0 }\n');
    const failed = await run('up', '--json', '--site', site, '--data', dataDir());
    assert.deepEqual([failed.code, failed.stdout], [1, '']);
    assert.match(failed.stderr, /to-stdout[^]*no .*data[^]*ended with code 5/);
    await using command = up('--no-prepare');
    await serving(command);
  });

  it('ends during the preparation', async () => {
    writeFileSync(join(folder, 'prepare'), `#!/bin/sh\ntouch ${folder}/begun\nexec sleep 60\n`, { mode: 0o755 });
    site = written('prepare: ./prepare\nsite: { port: 0 }\n');
    await using command = up();
    while (!existsSync(join(folder, 'begun'))) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(await command.stop(), 0);
    assert.equal(command.stdout, '');
  });

  it('takes commands for plugins and log-in links while it runs, and only then', async () => {
    const here = ['--data', dataDir()];
    const early = await run('log-in-link', ...here);
    assert.equal(early.code, 1);
    assert.match(early.stderr, /No Stele runs on .*\.\/stele up/);
    await using command = up();
    const { url, login } = await serving(command);
    const link = (await run('log-in-link', ...here)).stdout;
    assert.ok(link.startsWith(`${url}/login#`) && link !== login);
    assert.match(
      (await run('log-in-link', 'nobody@example.org', ...here)).stderr,
      /Nobody here has the e-mail address/,
    );
    const off = await run('plugin', 'disable', 'protocol-http', '--json', ...here);
    assert.equal((JSON.parse(off.stdout) as { state: string }).state, 'disabled');
    assert.match((await run('plugin', 'list', ...here)).stdout, /protocol-http +disabled/);
    assert.equal((await run('plugin', 'enable', 'no-such', ...here)).code, 1);
    const state = JSON.parse((await run('plugin', 'enable', 'protocol-http', '--json', ...here)).stdout) as {
      state: string;
    };
    assert.notEqual(state.state, 'disabled');
    assert.match(
      (await run('doctor', '--site', site, ...here)).stdout,
      new RegExp(`Stele serves, as process ${command.child.pid}`),
    );
  });

  async function gone(path: string): Promise<void> {
    const real = realpathSync(path);
    for (const end = Date.now() + 10_000; processesWith(real).length > 0;) {
      assert.ok(Date.now() < end, 'something was left running');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
});
