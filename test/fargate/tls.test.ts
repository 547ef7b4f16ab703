import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JsonObject } from '@stele/sdk';
import { rejectsWith, testCall } from '@stele/sdk/testing';
import { StandIn } from './lib/stand-in.ts';
import { makeDriver, resourceAt } from './lib/world.ts';

const run = promisify(execFile);

/** A certificate that vouches for itself. */
async function certificate(): Promise<{ key: string; cert: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'stele-fargate-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=bed'];
    await run('openssl', [
      'req',
      '-x509',
      ...kind,
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      key,
      '-out',
      cert,
    ]);
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('Fargate at an endpoint of one’s own, by TLS', function () {
  this.timeout(20_000);
  const { driver, connections } = makeDriver();
  let aws: StandIn;
  let ca = '';

  before(async () => {
    const tls = await certificate();
    ca = tls.cert;
    aws = new StandIn({}, tls);
    await aws.listen();
  });
  after(async () => {
    connections[Symbol.dispose]();
    await aws[Symbol.asyncDispose]();
    assert.deepEqual(aws.problems, []);
  });

  it('is trusted by the authority that the resource names', async () => {
    const { engines } = await driver.describe(resourceAt(aws.endpoint, { ca }), testCall());
    assert.equal(engines.length, 1);
  });

  it('isn’t by those that everybody trusts, nor by another', async () => {
    const others: readonly JsonObject[] = [{}, { ca: (await certificate()).cert }];
    for (const conf of others)
      await rejectsWith('DENIED', driver.describe(resourceAt(aws.endpoint, conf), testCall()), 'conf.ca');
  });

  it('isn’t by what is no certificate', async () => {
    const damaged = ca.replace(/\n.{8}/, '\nAAAAAAAA');
    await rejectsWith('INVALID', driver.describe(resourceAt(aws.endpoint, { ca: damaged }), testCall()), 'conf.ca');
  });

  it('isn’t under another name', async () => {
    const endpoint = aws.endpoint.replace('127.0.0.1', 'localhost');
    await rejectsWith('DENIED', driver.describe(resourceAt(endpoint, { ca }), testCall()), 'conf.endpoint');
  });
});
