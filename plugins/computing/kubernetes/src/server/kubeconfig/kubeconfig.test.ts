import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCode, type SteleError } from '@stele/sdk';
import { rejectsWith } from '@stele/sdk/testing';
import { surroundings } from './in-cluster.ts';
import { isGood, LogIns, tokenOf } from './log-in.ts';
import { readKubeconfig } from './read.ts';

const pem = Buffer.from('-----BEGIN CERTIFICATE-----\n').toString('base64');

/** A kubeconfig as text, in JSON, which is YAML. */
function kubeconfig(user: object, cluster: object = {}, parts: object = {}): string {
  return JSON.stringify({
    kind: 'Config',
    'current-context': 'a',
    contexts: [
      { name: 'a', context: { cluster: 'c', user: 'u' } },
      { name: 'b', context: { cluster: 'c', user: 'nobody' } },
    ],
    clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1:6443', ...cluster } }],
    users: [{ name: 'u', user }],
    ...parts,
  });
}

function refused(text: string, context?: string): SteleError {
  try {
    readKubeconfig(text, context);
  } catch (error) {
    assert(hasCode(error, 'INVALID'));
    return error;
  }
  return assert.fail('must be refused');
}

describe('a kubeconfig', () => {
  it('says where the cluster is, and proves who one is by a token', () => {
    const { server, proof, ca } = readKubeconfig(kubeconfig({ token: 't' }));
    assert.deepEqual([server.host, proof, ca], ['10.0.0.1:6443', { kind: 'token', token: 't' }, undefined]);
  });

  it('proves who one is by a certificate', () => {
    const { proof, ca } = readKubeconfig(
      kubeconfig({ 'client-certificate-data': pem, 'client-key-data': pem }, { 'certificate-authority-data': pem }),
    );
    assert.equal(proof.kind, 'certificate');
    assert.equal(ca, '-----BEGIN CERTIFICATE-----\n');
  });

  it('proves who one is by what a command prints', () => {
    const exec = { apiVersion: 'v', command: '/bin/aws', args: ['eks', 1], env: [{ name: 'A', value: 'b' }] };
    assert.deepEqual(readKubeconfig(kubeconfig({ exec })).proof, {
      kind: 'command',
      login: { command: '/bin/aws', args: ['eks', '1'], env: { A: 'b' }, apiVersion: 'v' },
    });
  });

  const wrong: readonly (readonly [what: string, text: string, says: RegExp])[] = [
    ['no YAML', 'a: [', /no YAML/],
    ['something else', 'kind: Pod', /no kubeconfig/],
    ['a list', '- a', /no kubeconfig/],
    ['aliases without end', 'kind: Config\na: &a [x]\nb: [*a, *a]', /no YAML/],
    ['no current context', kubeconfig({ token: 't' }, {}, { 'current-context': undefined }), /no current context/],
    ['a context that isn’t there', kubeconfig({ token: 't' }, {}, { 'current-context': 'x' }), /no context “x”/],
    ['no such user', kubeconfig({ token: 't' }, {}, { 'current-context': 'b' }), /no user “nobody”/],
    ['no TLS', kubeconfig({ token: 't' }, { server: 'http://10.0.0.1' }), /https/],
    ['no address', kubeconfig({ token: 't' }, { server: 'x' }), /https/],
    [
      'a certificate that isn’t checked',
      kubeconfig({ token: 't' }, { 'insecure-skip-tls-verify': true }),
      /not to be checked/,
    ],
    ['a proxy', kubeconfig({ token: 't' }, { 'proxy-url': 'http://x' }), /proxy/],
    [
      'a file of this machine as authority',
      kubeconfig({ token: 't' }, { 'certificate-authority': '/etc/passwd' }),
      /names a file.*--flatten/,
    ],
    [
      'a file of this machine as key',
      kubeconfig({ 'client-certificate-data': pem, 'client-key': '/etc/shadow' }),
      /names files.*--flatten/,
    ],
    ['a file of this machine as token', kubeconfig({ tokenFile: '/etc/shadow' }), /names files/],
    ['a password', kubeconfig({ username: 'a', password: 'b' }), /neither a certificate/],
    ['what isn’t PEM', kubeconfig({ 'client-certificate-data': 'AAAA', 'client-key-data': pem }), /not a PEM/],
  ];
  for (const [what, text, says] of wrong) {
    it(`with ${what} is refused`, () => assert.match(refused(text).message, says));
  }

  it('that is refused is not quoted: it holds secrets', () => {
    assert(!refused('kind: Config\ntoken: s3cret: x').message.includes('s3cret'));
  });

  it('has another context where one is named', () => {
    const error = refused(kubeconfig({ token: 't' }), 'none');
    assert.deepEqual([error.field, /“none”/.test(error.message)], ['conf.context', true]);
  });
});

describe('a command that logs in', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stele-kube-'));
  });
  after(() => rm(folder, { recursive: true }));

  const login = (script: string) => ({
    command: '/bin/sh',
    args: ['-c', script],
    env: { SEEN: join(folder, 'seen') },
    apiVersion: 'client.authentication.k8s.io/v1',
  });
  const token = `echo x >>"$SEEN"; echo '{"status":{"token":"t"}}'`;

  it('is run once while its token is good', async () => {
    const logIns = new LogIns(['/bin/sh']);
    assert.deepEqual([await logIns.token(login(token)), await logIns.token(login(token))], ['t', 't']);
    const { readFile } = await import('node:fs/promises');
    assert.equal(await readFile(join(folder, 'seen'), 'utf8'), 'x\n');
    assert.equal(await logIns.renew(login(token)), false, 'a token of a moment ago is as good as the next');
  });

  it('is not run unless it was allowed', async () => {
    await rejectsWith('INVALID', new LogIns([]).token(login(token)), 'conf.kubeconfig');
    await rejectsWith('INVALID', new LogIns(['/bin/bash']).token(login(token)));
  });

  for (const [what, script] of [
    ['fails', 'exit 1'],
    ['prints nothing', 'true'],
    ['prints no token', `echo '{"status":{}}'`],
  ] as const) {
    it(`that ${what} is a refusal`, async () => {
      await rejectsWith('DENIED', new LogIns(['/bin/sh']).token(login(script)), 'conf.kubeconfig');
    });
  }

  it('is run again a minute before its token ends', () => {
    const until = { value: 't', gotAt: 0, endsAt: 100_000 };
    assert.deepEqual(
      [isGood(until, 39_000), isGood(until, 41_000), isGood({ value: 't', gotAt: 0 }, 1e12)],
      [true, false, true],
    );
    const said = '{"status":{"token":"t","expirationTimestamp":"2030-01-01T00:00:00Z"}}';
    assert.equal(tokenOf(said, 0).endsAt, Date.parse('2030-01-01T00:00:00Z'));
  });

  it('sees nothing of the platform’s environment but PATH and HOME', async () => {
    process.env['STELE_CANARY'] = 'canary';
    const script = `echo "{\\"status\\":{\\"token\\":\\"[$STELE_CANARY]\\"}}"`;
    assert.equal(await new LogIns(['/bin/sh']).token(login(script)), '[]');
    delete process.env['STELE_CANARY'];
  });
});

describe('the platform in a pod', () => {
  it('finds the API and its account', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stele-kube-'));
    await writeFile(join(folder, 'ca.crt'), 'ca');
    await writeFile(join(folder, 'token'), 'first\n');
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' };
    const { server, ca, token } = await surroundings(env, folder);
    assert.deepEqual([server.href, ca, await token()], ['https://[fd00::1]:6443/', 'ca', 'first']);
    await writeFile(join(folder, 'token'), 'second\n');
    assert.equal(await token(), 'second');
    await rm(folder, { recursive: true });
  });

  it('is told to paste a kubeconfig where it is in none', async () => {
    await rejectsWith('INVALID', surroundings({}), 'conf.kubeconfig');
  });
});
