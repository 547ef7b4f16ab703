import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import type { Call, ErrorCode, JsonObject, TaskHandle } from '@stele/sdk';
import { eventually, inTime, rejectsWith, skip, testCall } from '@stele/sdk/testing';
import { apiEngine } from './api-world.ts';
import { bringUp, importTask, tell } from './bed.ts';
import { driverWorld } from './standalone-world.ts';
import { accessConf, dockerHost, dockerOnHost, pemOf, tlsDriverWorld, tlsHosts, tlsResource } from './tls-world.ts';

const run = promisify(execFile);
const call = (): Call => testCall({ signal: inTime(30_000) });

describe('docker on another host, by TLS, when', function () {
  this.timeout(60_000);
  let folder = '';
  let plain: Server;

  before(async function () {
    this.timeout(300_000);
    const why = await bringUp('docker-tls');
    if (why !== undefined) return skip(this, why);
    await importTask(dockerOnHost());
    folder = await mkdtemp(join(tmpdir(), 'stele-tls-'));
    plain = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    await once(plain, 'listening');
  });
  after(async () => {
    plain?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  /** A certificate that the bed's authority signed for a time that is over. */
  const expired = async (name: string, extension: string): Promise<{ certificate: string; key: string }> => {
    for (const [file, text] of Object.entries({ 'ca.pem': await pemOf('ca.pem'), 'ca.key': await pemOf('ca.key') }))
      await writeFile(join(folder, file), text);
    await writeFile(join(folder, 'index.txt'), '');
    await writeFile(join(folder, 'extensions'), extension);
    const config = `[ca]\ndefault_ca=d\n[d]\ndatabase=${folder}/index.txt\nnew_certs_dir=${folder}\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n`;
    await writeFile(join(folder, 'ca.cnf'), config);
    const [key, request, certificate] = ['key', 'csr', 'pem'].map((ending) => join(folder, `${name}.${ending}`));
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    await run('openssl', ['req', ...curve, '-subj', `/CN=${name}`, '-keyout', key ?? '', '-out', request ?? '']);
    const times = ['-startdate', '20200101000000Z', '-enddate', '20200201000000Z'];
    const authority = ['-cert', join(folder, 'ca.pem'), '-keyfile', join(folder, 'ca.key')];
    const files = ['-config', join(folder, 'ca.cnf'), '-extfile', join(folder, 'extensions'), '-in', request ?? ''];
    await run('openssl', ['ca', '-batch', '-notext', ...times, ...authority, ...files, '-out', certificate ?? '']);
    return { certificate: await readFile(certificate ?? '', 'utf8'), key: await readFile(key ?? '', 'utf8') };
  };

  const described = async (parts: JsonObject): Promise<unknown> => {
    const { driver } = await tlsDriverWorld();
    return driver.describe(await tlsResource(parts), call());
  };

  const wrong: readonly (readonly [string, () => Promise<JsonObject>, ErrorCode, string | undefined, RegExp])[] = [
    [
      'another authority signed the host’s certificate',
      async () => ({ ca: await pemOf('other.pem') }),
      'INVALID',
      'accessConf.ca',
      /authority didn’t sign/,
    ],
    [
      'it doesn’t know who signed the platform’s',
      stranger,
      'DENIED',
      'accessConf.certificate',
      /refuses the platform’s certificate/,
    ],
    [
      'the platform’s certificate has expired',
      () => expired('late', 'extendedKeyUsage=clientAuth'),
      'DENIED',
      'accessConf.certificate',
      /has expired on/,
    ],
    [
      'the key is that of another certificate',
      async () => ({ key: await pemOf('stranger.key') }),
      'INVALID',
      'accessConf.key',
      /another certificate/,
    ],
    [
      'the key is none',
      async () => ({ key: '-----BEGIN PRIVATE KEY-----\ncanary\n' }),
      'INVALID',
      'accessConf.key',
      /no key/,
    ],
    [
      'its certificate names another host',
      async () => ({ serverName: 'docker.example.org' }),
      'INVALID',
      'accessConf.serverName',
      /another name/,
    ],
    ['nothing listens there', async () => ({ port: 2 }), 'UNREACHABLE', undefined, /ECONNREFUSED/],
    [
      'its name stands for nothing',
      async () => ({ host: 'no-such-host.invalid' }),
      'UNREACHABLE',
      undefined,
      /not known here/,
    ],
    [
      'its address is that of a metadata service',
      async () => ({ host: '169.254.169.254' }),
      'DENIED',
      undefined,
      /link-local/,
    ],
    [
      'what listens there doesn’t speak TLS',
      async () => ({ host: '127.0.0.1', port: (plain.address() as AddressInfo).port }),
      'PROTOCOL',
      undefined,
      /doesn’t speak TLS/,
    ],
  ];

  async function stranger(): Promise<JsonObject> {
    return { certificate: await pemOf('stranger.pem'), key: await pemOf('stranger.key') };
  }

  for (const [what, parts, code, field, words] of wrong) {
    it(`${what}: ${code}, in words`, async () => {
      const error = await rejectsWith(code, described(await parts()), field);
      assert.match(error.message, words);
      assert(!JSON.stringify(error).includes('canary') && !error.message.includes('canary'));
    });
  }

  it('its own certificate has expired: says so, and that it has to be renewed there', async () => {
    const { certificate: cert, key } = await expired('server', 'subjectAltName=IP:127.0.0.1');
    const server = createTlsServer({ cert, key }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const error = await rejectsWith('UNREACHABLE', described({ host: '127.0.0.1', port }));
    server.close();
    assert.match(error.message, /has expired. Renew it there/);
  });

  it('nobody said where tasks listen: names the setting', async () => {
    const { driver } = await tlsDriverWorld();
    const resource = await tlsResource();
    for (const publish of [undefined, '127.0.0.1', '0.0.0.0']) {
      const conf: JsonObject = publish === undefined ? {} : { publish };
      await rejectsWith('INVALID', driver.describe({ ...resource, conf }, call()), 'conf.publish');
    }
  });

  it('the platform may not connect to where tasks listen: names the setting', async () => {
    const far = await rejectsWith('INVALID', described({ networks: ['10.99.0.0/16'] }), 'conf.publish');
    assert.match(far.message, /outside of the networks/);
    await rejectsWith('INVALID', described({ networks: [] }), 'accessConf.networks');
    const { driver } = await tlsDriverWorld();
    const resource = await tlsResource({ networks: ['10.0.0.0/8'] });
    const own = { ...resource, conf: { publish: dockerHost().replace(/\.2$/, '.1') } };
    const error = await rejectsWith('INVALID', driver.describe(own, call()), 'conf.publish');
    assert.match(error.message, /platform itself/);
  });

  describe('a task runs there', () => {
    const key = Math.random().toString(36).slice(2).padEnd(16, 'x').slice(0, 16);
    let task: TaskHandle;
    const world = driverWorldOf();

    before(async () => {
      const { driver, resource, behaviours } = await world();
      const launch = { ...behaviours.greet(), key };
      task = { key, who: call().who, ref: await driver.submit(resource, launch, () => undefined, call()) };
    });
    after(async () => {
      const { driver, resource } = await world();
      await driver.clean(resource, task, call());
    });

    it('and the daemon ends and comes back: says so, and finds it as it was', async () => {
      const { driver, resource } = await world();
      const seen = async () => (await driver.observe(resource, [task], call())).get(key);
      const before = await seen();
      const leaving = driver.logs(resource, task, { follow: true }, call())[Symbol.asyncIterator]();
      assert.match(String((await leaving.next()).value), /up/);
      const cut = rejectsWith('UNREACHABLE', leaving.next() as Promise<unknown>);
      await tell('docker-tls', 'crash');
      const broken = await cut;
      assert.match(broken.message, /broke off/);
      await rejectsWith('UNREACHABLE', seen());
      await tell('docker-tls', 'up');
      assert.deepEqual(await seen(), before);
      await eventually('it greets', () => greets(resource), 15_000);
    });

    it('its interface is reached in the networks of the resource, and nowhere else', async () => {
      const { resource } = await world();
      assert(await greets(resource));
      for (const [networks, code] of [
        [['10.99.0.0/16'], 'DENIED'],
        [[], 'INVALID'],
      ] as const) {
        const { accessConf: there } = await tlsResource({ networks: [...networks] });
        await rejectsWith(code, greets({ ...resource, accessConf: there }));
      }
    });

    async function greets(resource: Parameters<typeof tlsHosts.open>[0] & { readonly id: string }): Promise<boolean> {
      const { driver, resource: whole } = await world();
      const { address, via } = await driver.reach({ ...whole, ...resource }, task, call());
      assert.equal('host' in address && address.host, dockerHost());
      const stream = await via.dial(address, call().signal);
      return Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString() === 'hello\n';
    }
  });
});

/** The platform from its start on: an engine that remembers nothing. */
function driverWorldOf() {
  return async () =>
    driverWorld({ 'docker-api': apiEngine([]) }, { hosts: tlsHosts, resource: await tlsResource(await accessConf()) });
}
