import assert from 'node:assert/strict';
import { type DirectDialOptions, type DirectDialService, hasCode, type JsonObject, SteleError } from '@stele/sdk';
import { abortedSignal, rejectsWith, testCall } from '@stele/sdk/testing';
import { explained } from './errors.ts';
import { TlsAccess } from './tls-access.ts';

const pem = '-----BEGIN CERTIFICATE-----\nx\n';
const conf: JsonObject = { host: 'docker.example', ca: pem, certificate: pem, key: '-----BEGIN PRIVATE KEY-----\nx\n' };

/** Where it was asked to connect to, and with which choices. */
class Asked implements DirectDialService {
  readonly calls: unknown[] = [];

  async dial(address: unknown, options: DirectDialOptions): Promise<never> {
    this.calls.push([address, options]);
    throw new SteleError('UNREACHABLE', 'nobody');
  }

  async addressesOf(): Promise<never> {
    throw new SteleError('UNREACHABLE', 'nobody');
  }
}

const open = (parts: JsonObject = {}, direct = new Asked(), auth = 'platform-certificate' as const) =>
  new TlsAccess(direct).open({ resource: 'r', auth, conf: { ...conf, ...parts } }, testCall());

describe('an API by TLS', () => {
  it('has no shell and no files, and says so', async () => {
    const host = await open();
    const never = new AbortController().signal;
    await rejectsWith('UNSUPPORTED', host.exec(['true'], {}, never));
    await rejectsWith('UNSUPPORTED', host.spawn(['true'], {}, never));
    await rejectsWith('UNSUPPORTED', host.ensureFolder('/x', 0o700, never));
    await rejectsWith('UNSUPPORTED', host.dial({ socket: '/run/x' }, never));
    assert.throws(
      () => host.files('/'),
      (error) => hasCode(error, 'UNSUPPORTED'),
    );
    assert.deepEqual(
      [host.name, host.endpoint?.authority, host.isDirect],
      [...['docker.example:2376', 'docker.example:2376', false]],
    );
  });

  it('is dialled in the networks that the resource names alone', async () => {
    const direct = new Asked();
    const address = { host: '10.0.0.2', port: 40_000 };
    await rejectsWith(
      'UNREACHABLE',
      (await open({ networks: ['10.0.0.0/8'] }, direct)).dial(address, testCall().signal),
    );
    assert.deepEqual(direct.calls, [[address, { networks: ['10.0.0.0/8'] }]]);
    await rejectsWith('INVALID', (await open({}, direct)).dial(address, testCall().signal), 'accessConf.networks');
    assert.equal(direct.calls.length, 1);
  });

  for (const [what, parts, field] of [
    ['no host', { host: '' }, 'accessConf.host'],
    ['a host that is a path', { host: 'a/b' }, 'accessConf.host'],
    ['a port that is none', { port: 0 }, 'accessConf.port'],
    ['a key that is no PEM', { key: 'secret' }, 'accessConf.key'],
    ['a setting that there isn’t', { user: 'x' }, undefined],
  ] as const) {
    it(`refuses ${what}, without telling the value`, async () => {
      const error = await rejectsWith('INVALID', open(parts), field);
      assert(!error.message.includes('secret'));
    });
  }

  it('refuses other credentials, and who has left', async () => {
    await rejectsWith('INVALID', open({}, new Asked(), 'none' as 'platform-certificate'), 'auth');
    const target = { resource: 'r', auth: 'platform-certificate', conf } as const;
    await rejectsWith('UNREACHABLE', new TlsAccess(new Asked()).open(target, testCall({ signal: abortedSignal() })));
  });

  it('says which certificate is none', async () => {
    const host = await open();
    await rejectsWith('INVALID', host.endpoint?.connect(testCall().signal) ?? assert.fail(), 'accessConf.ca');
  });
});

describe('what OpenSSL says', () => {
  for (const [said, field] of [
    ['CERT_HAS_EXPIRED', undefined],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'accessConf.ca'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'accessConf.serverName'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'accessConf.certificate'],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'accessConf.certificate'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', undefined],
  ] as const) {
    it(`is mended by ${field ?? 'no setting'}: ${said}`, () => {
      assert.equal(explained('there', Object.assign(new Error('x'), { code: said })).field, field);
    });
  }
});
