import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address, Host } from '@stele/sdk';
import { rejectsWith, skip } from '@stele/sdk/testing';
import { Door } from './door.ts';

const headers = { 'x-slurm-user-token': 'secret' };

describe('slurmrestd behind TLS', () => {
  const dialled: Address[] = [];
  const heard: (string | undefined)[] = [];
  let ca = '';
  let port = 0;
  let close: () => void = () => undefined;

  before(async function () {
    const pair = makeCertificate();
    if (pair === undefined) return skip(this, 'openssl makes no certificate here');
    ca = pair.cert;
    const server = createServer(pair, (request, response) => {
      heard.push(`${request.url} ${request.headers.host}`);
      response.end('{}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    close = () => server.close();
  });
  after(() => close());

  function ask(restUrl: string, restCa?: string): Promise<{ status: number }> {
    const dial = async (address: Address) => {
      dialled.push(address);
      return connect(port, '127.0.0.1');
    };
    const host = { name: 'login', dial } as unknown as Host;
    const conf = { restUrl, ...(restCa === undefined ? {} : { restCa }) };
    return new Door(host, conf, new AbortController().signal, 2_000).ask({ method: 'GET', path: '/slurm' }, headers);
  }

  it('is dialled by its name, which its certificate proves', async () => {
    assert.equal((await ask('https://slurm.example.org/api/', ca)).status, 200);
    assert.deepEqual(dialled, [{ host: 'slurm.example.org', port: 443 }]);
    assert.deepEqual(heard, ['/api/slurm slurm.example.org']);
  });

  it('is told nothing when nobody vouches for it, or it has another’s name', async () => {
    heard.length = 0;
    assert.match((await rejectsWith('UNREACHABLE', ask('https://slurm.example.org'))).message, /self-signed/);
    assert.match((await rejectsWith('UNREACHABLE', ask('https://other.example.org', ca))).message, /altnames/);
    assert.deepEqual(heard, []);
  });
});

describe('the address of slurmrestd, damaged', () => {
  it('is refused by its field', async () => {
    const make = () => new Door({} as Host, { restUrl: 'http://:::' }, new AbortController().signal);
    assert.equal((await rejectsWith('INVALID', Promise.resolve().then(make))).field, 'conf.restUrl');
  });
});

function makeCertificate(): { key: string; cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'stele-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=slurm', '-addext', 'subjectAltName=DNS:slurm.example.org'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  try {
    execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
