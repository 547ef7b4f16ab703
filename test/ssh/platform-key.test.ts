import assert from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckResult, Computing, KeyItem } from '@stele/sdk/api';
import { type ApiClient, inOrder, Platform, skip } from '../e2e/lib/index.ts';
import { Authority } from './authority.ts';
import { account, noSshd, Sshd } from './sshd.ts';

describe('the platform’s SSH key', function () {
  this.timeout(60_000);
  inOrder();
  const owned = new AsyncDisposableStack();
  let authority: Authority;
  let sshd: Sshd;
  let api: ApiClient;
  let id: string;
  let key: KeyItem;

  before(async function () {
    this.timeout(600_000);
    const why = await noSshd();
    if (why !== undefined) return skip(this, why);
    authority = owned.use(await Authority.make());
    sshd = owned.use(await Sshd.start(`TrustedUserCAKeys ${authority.file}`));
    const platform = owned.use(await Platform.start({ site: {} }));
    api = await platform.logIn();
  });
  after(() => owned.disposeAsync());

  const file = () => join(sshd.folder, 'keys', account);
  const check = () => api.must<CheckResult>('POST', `/computing/${id}/check`);

  it('is said to be known where it is, with nothing to add', async () => {
    const accessConf = { host: '127.0.0.1', port: sshd.port, user: account, hostKeys: [await sshd.text('host.pub')] };
    ({ id } = await api.must<Computing>('POST', '/computing', {
      ...{ name: 'Workstation', driver: 'standalone', access: 'ssh', auth: 'platform-keys', accessConf },
      owner: { kind: 'platform' },
    }));
    key = await api.must<KeyItem>('POST', '/platform-key');
    await writeFile(file(), `${key.publicKey}\n`);
    const { ok, reason } = await check();
    assert.deepEqual([ok, reason], [true, undefined]);
  });

  it('is said to be missing, while it is being replaced, where only the one before it is known', async () => {
    key = await api.must<KeyItem>('POST', '/platform-key/rotate');
    const { ok, reason, code } = await check();
    assert.deepEqual([ok, code], [true, undefined]);
    assert.match(reason ?? '', /new SSH key is not known there yet.*Account → SSH.*authorized_keys/);
    assert.equal((await api.must<Computing>('GET', `/computing/${id}`)).health.state, 'ok');
  });

  it('is said to be known as soon as its line is there', async () => {
    await appendFile(file(), `${key.publicKey}\n`);
    const { ok, reason } = await check();
    assert.deepEqual([ok, reason], [true, undefined]);
    await api.must('DELETE', '/platform-key/previous');
    assert.equal((await check()).ok, true);
  });

  it('needs no line where the host trusts an authority, and the key has its certificate', async () => {
    await writeFile(file(), '');
    await sshd.down();
    await sshd.up();
    assert.match((await check()).reason ?? '', /authorized_keys/);
    await writeFile(join(sshd.folder, 'platform.pub'), `${key.publicKey}\n`);
    const put = async (...choices: string[]) =>
      api.must('PUT', '/platform-key/certificate', { certificate: await authority.sign(sshd, 'platform', ...choices) });
    await put('-n', 'somebody-else');
    assert.match((await check()).reason ?? '', /certificate was refused too: it is for “somebody-else”/);
    await put('-n', account);
    const { ok, reason } = await check();
    assert(ok, reason);
  });
});
