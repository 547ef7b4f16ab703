import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beginningOf, isBegun, isForLater } from './begin.ts';

const run = promisify(execFile);
const key = 'abcdefghij012345';
const odd = `\0 'é' $(id)\n\n`;
const files = { command: 'run\n', after: '', stdin: odd, long: 'x'.repeat(20_000) };
const script = '#!/bin/sh\necho hello\n';

describe('the beginning of a task’s job', () => {
  let state = '';
  const at = (...names: string[]): string => join(state, 'tasks', ...names);
  const begin = async (command: readonly string[], part: { conf?: object; cut?: number } = {}) => {
    const folders = { state, tasks: at() };
    const about = { key, agent: 'agent-1.sh', files, script, host: { user: userInfo().username } };
    const { argv, stdin } = beginningOf({ resource: { conf: { ...part.conf } }, folders, ...about });
    const [program = '', ...args] = [...argv, ...command];
    const running = run(program, args);
    running.child.stdin?.on('error', () => undefined).end(stdin.subarray(0, part.cut));
    return { exitCode: 0, ...(await running) };
  };
  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), 'stele-begin-'));
    await mkdir(at(), { mode: 0o700 });
    await writeFile(join(state, 'agent-1.sh'), 'true\n');
  });
  afterEach(() => rm(state, { recursive: true }));

  it('makes its folder, for its account alone, and has the script read by what hands it over', async () => {
    assert.equal((await begin(['sh', '-c', 'echo "$1"; cat', 'x', '--name=a b'])).stdout, `--name=a b\n${script}`);
    const found = await Promise.all(
      (await readdir(at(key))).map(async (name) => [name, await readFile(at(key, name), 'utf8')] as const),
    );
    assert.deepEqual(Object.fromEntries(found), { ...files, script });
    const modes = await Promise.all([at(key), at(key, 'stdin')].map(async (path) => (await stat(path)).mode & 0o777));
    assert.deepEqual(modes, [0o700, 0o600]);
  });

  it('may be all that is done', async () => {
    assert.ok(isBegun(await begin([])));
    assert.ok(isForLater((await begin([])).stdout), 'once');
  });

  it('fails as what hands it over fails', async () => {
    await assert.rejects(begin(['no-such-program']), { code: 127 });
    await rm(at(key), { recursive: true });
    await assert.rejects(begin(['sh', '-c', 'exit 3']), { code: 3 });
  });

  const others: Readonly<Record<string, () => Promise<unknown>>> = {
    'somebody was there before': () => mkdir(at(key)),
    'its agent is missing': () => rm(join(state, 'agent-1.sh')),
    'there is no folder of tasks': () => rm(at(), { recursive: true }),
    'others can change what its jobs run': () => chmod(at(), 0o777),
  };
  for (const [what, make] of Object.entries(others)) {
    it(`is left to a closer look when ${what}`, async () => {
      await make();
      const { stdout } = await begin(['echo', 'handed over'], { conf: { folder: state } });
      assert.ok(isForLater(stdout), stdout);
      assert.deepEqual(await readdir(at(key)).catch(() => []), []);
    });
  }

  it('leaves nothing of what came in part', async () => {
    const whole =
      512 *
      (5 +
        Object.values({ ...files, script }).reduce((all, text) => all + Math.ceil(Buffer.byteLength(text) / 512), 0));
    for (const cut of [0, 300, 512, 1_024, 1_500, 9_000, whole - 512, whole - 1_024]) {
      assert.ok(isForLater((await begin(['echo'], { cut })).stdout), `${cut} bytes`);
      assert.deepEqual(await readdir(at()), [], `${cut} bytes`);
    }
  });

  it('has no fault that shellcheck knows of', async () => {
    const { stdout } = await run('shellcheck', ['--shell', 'sh', join(import.meta.dirname, 'begin.sh')]).catch(
      (failure: unknown) => failure as { stdout: string },
    );
    assert.equal(stdout, '');
  });
});
