import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Engine, environment, eventually } from '../e2e/lib/index.ts';
import { Container, password, user } from './container.ts';

const run = promisify(execFile);

describe('image ssh-x', function () {
  this.timeout(60_000);
  let engine: Engine;
  let folder: string;

  before(async function () {
    this.timeout(600_000);
    engine = await Engine.openPodmanBed('ssh-x');
    folder = await mkdtemp(join(tmpdir(), 'stele-ssh-'));
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  async function start(env: Record<string, string> = {}): Promise<Container> {
    const container = await Container.start(engine, 'ssh-x', 2233, env);
    await eventually('it greets', async () => (await container.greeting()).startsWith('SSH-2.0-OpenSSH'), 30_000);
    return container;
  }

  /** An ordinary client, which trusts the key whose fingerprint the task's log shows. */
  async function ssh(container: Container, options: string[], command: string, secret = ''): Promise<string> {
    const known = join(folder, `known-${container.port}`);
    const { stdout: keys } = await run('ssh-keyscan', ['-p', String(container.port), '127.0.0.1']);
    await writeFile(known, keys);
    const { stdout: print } = await run('ssh-keygen', ['-l', '-f', known]);
    const [fingerprint = ''] = /SHA256:\S+/.exec(print) ?? [];
    assert((await container.logs()).includes(fingerprint), 'the log shows whom to trust');
    const ask = join(folder, 'ask');
    await writeFile(ask, `#!/bin/sh\nprintf '%s\\n' '${secret}'\n`);
    await chmod(ask, 0o700);
    const always = [
      `UserKnownHostsFile=${known}`,
      'StrictHostKeyChecking=yes',
      'LogLevel=ERROR',
      'NumberOfPasswordPrompts=1',
    ];
    const args = [...always, ...options].flatMap((option) => ['-o', option]);
    const env = { ...environment, SSH_ASKPASS: ask, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':99' };
    const where = ['-F', 'none', '-p', String(container.port), `${user}@127.0.0.1`, command];
    const { stdout } = await run('ssh', [...args, ...where], { env, timeout: 20_000 });
    return stdout.trim();
  }

  const byPassword = ['PubkeyAuthentication=no', 'PreferredAuthentications=password'];
  const byKey = (): string[] => [
    'PasswordAuthentication=no',
    `IdentityFile=${join(folder, 'key')}`,
    'IdentitiesOnly=yes',
  ];

  it('lets in by the one-time password, under the user’s own name', async () => {
    await using container = await start();
    assert.equal(await ssh(container, byPassword, 'whoami; printf %s "$HOME"', password), `${user}\n/tmp/home`);
  });

  it('lets in by a key', async () => {
    const keys = await readFile(join(folder, 'key.pub'), 'utf8');
    await using container = await start({ AUTH_KEYS: keys.trim(), AUTH_PASS: '' });
    assert.equal(await ssh(container, byKey(), 'whoami'), user);
  });

  it('lets in nobody with a wrong password, another key, or none of both', async () => {
    await using container = await start();
    await assert.rejects(ssh(container, byPassword, 'true', 'wrong'));
    await assert.rejects(ssh(container, byKey(), 'true'));
    await using closed = await start({ AUTH_PASS: '' });
    await assert.rejects(ssh(closed, byPassword, 'true', ''));
  });

  it('forwards X', async () => {
    await using container = await start();
    // No display need be there: the client forwards whatever DISPLAY says.
    const display = await ssh(
      container,
      [...byPassword, 'ForwardX11=yes', 'ForwardX11Trusted=yes'],
      'printf %s "$DISPLAY"',
      password,
    );
    assert.match(display, /^localhost:1\d\.0$/);
  });

  it('hides its password from those who log in', async () => {
    await using container = await start();
    const seen = await ssh(container, byPassword, 'env; cat /proc/[0-9]*/cmdline', password);
    assert(!seen.includes(password));
  });
});
