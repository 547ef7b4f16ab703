import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { inTime, rejectsWith } from '@stele/sdk/testing';
import { DirectDialer } from './direct-dialer.ts';

const signal = (): AbortSignal => inTime(5_000);

describe('a direct connection', () => {
  let server: Server;
  let port = 0;
  before(async () => {
    server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  after(() => server.close());

  /** A dialer whose names stand for what the test says, another each time. */
  const dialer = (...answers: readonly (readonly string[])[]): DirectDialer => {
    const rest = [...answers];
    return new DirectDialer(async () => rest.shift() ?? assert.fail('no name is resolved twice'));
  };

  it('leads to an address that the operator named, by a name that is resolved once', async () => {
    const socket = await dialer(['127.0.0.1']).dial({ host: 'api.example', port }, {}, signal());
    assert.equal(Buffer.concat(await Array.fromAsync(socket as AsyncIterable<Buffer>)).toString(), 'hello');
  });

  it('goes on to the next address of a name, past one that is refused and one that doesn’t answer', async () => {
    const addresses = ['169.254.169.254', '127.0.0.2', '127.0.0.1'];
    const socket = await dialer(addresses).dial({ host: 'api.example', port }, {}, signal());
    assert.equal(socket.remoteAddress, '127.0.0.1');
    await Array.fromAsync(socket as AsyncIterable<Buffer>);
  });

  const networks = ['10.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16'];
  for (const [what, host, answers, options] of [
    ['a metadata service, by its address', '169.254.169.254', [], {}],
    ['a metadata service, by a name', 'metadata.example', ['169.254.169.254'], {}],
    ['a metadata service, in networks that hold it', 'metadata.example', ['169.254.169.254'], { networks }],
    ['the platform itself, by its address', '127.0.0.1', [], { networks }],
    ['the platform itself, by a name', 'task.example', ['127.0.0.1'], { networks }],
    ['the platform itself, in other clothes', 'task.example', ['::ffff:127.0.0.1'], { networks }],
    ['what lies outside of the networks', '192.0.2.1', [], { networks }],
    ['what lies outside of the networks, by a name', 'task.example', ['192.0.2.1'], { networks }],
    ['anything, where there are no networks', '10.0.0.1', [], { networks: [] }],
    ['nowhere', '0.0.0.0', [], {}],
    ['a private address that a user names', '10.1.2.3', [], { publicOr: [] }],
    ['a private address behind a user’s name', 'a.example', ['192.168.1.1'], { publicOr: [] }],
    ['a private address in other clothes', 'a.example', ['::ffff:172.16.0.1'], { publicOr: [] }],
    ['a carrier’s private address', '100.64.0.1', [], { publicOr: [] }],
    ['a private address of IPv6', 'fd00::1', [], { publicOr: [] }],
    ['the platform itself, for a user', '127.0.0.1', [], { publicOr: [] }],
    ['the platform itself, for a user, by IPv6', '::1', [], { publicOr: ['10.0.0.0/8'] }],
    ['a metadata service, whatever is allowed to users', '169.254.169.254', [], { publicOr: ['0.0.0.0/0'] }],
    ['a private address outside of what is allowed to users', '10.1.2.3', [], { publicOr: ['10.2.0.0/16'] }],
  ] as const) {
    it(`doesn’t lead to ${what}`, async () => {
      await rejectsWith('DENIED', dialer(answers).dial({ host, port }, options, signal()));
    });
  }

  it('leads users to public addresses, and to networks that are allowed to them', async () => {
    const to = (answers: readonly string[], publicOr: readonly string[]) =>
      dialer(answers).addressesOf('a.example', { publicOr }, signal());
    assert.deepEqual(await to(['192.0.2.1', '10.0.0.1', '2001:db8::1'], []), ['192.0.2.1', '2001:db8::1']);
    assert.deepEqual(await to(['10.0.0.1', '127.0.0.1'], ['10.0.0.0/8']), ['10.0.0.1']);
    const socket = await dialer(['127.0.0.1']).dial({ host: 'a.example', port }, { publicOr: ['127.0.0.1'] }, signal());
    assert.equal(Buffer.concat(await Array.fromAsync(socket as AsyncIterable<Buffer>)).toString(), 'hello');
  });

  it('tells users nothing of what names stand for', async () => {
    const refused = dialer(['10.1.2.3']).dial({ host: 'db.internal', port }, { publicOr: [] }, signal());
    const { message } = await rejectsWith('DENIED', refused);
    assert.equal(message, '“db.internal” is not dialled: it is a private address.');
  });

  it('says what is wrong in words', async () => {
    const error = await rejectsWith(
      'DENIED',
      dialer(['169.254.169.254']).dial({ host: 'm.example', port }, {}, signal()),
    );
    assert.match(error.message, /“m\.example” \(169\.254\.169\.254\) is not dialled: it is a link-local address/);
  });

  it('says that nothing answers, that a name is unknown, and that the caller has left', async () => {
    await rejectsWith('UNREACHABLE', new DirectDialer().dial({ host: '127.0.0.1', port: 1 }, {}, signal()));
    await rejectsWith('UNREACHABLE', new DirectDialer().dial({ host: 'none.invalid', port: 1 }, {}, signal()));
    const never = new DirectDialer(() => new Promise(() => undefined));
    await rejectsWith('UNREACHABLE', never.dial({ host: 'slow.example', port: 1 }, {}, AbortSignal.timeout(50)));
    await rejectsWith('UNREACHABLE', new DirectDialer().dial({ host: '127.0.0.1', port }, {}, AbortSignal.abort()));
  });

  it('refuses networks that are none', async () => {
    await rejectsWith('INVALID', new DirectDialer().dial({ host: '10.0.0.1', port }, { networks: ['x'] }, signal()));
  });
});
