import assert from 'node:assert/strict';
import { hasCode } from '@stele/sdk';
import { ClientAddresses } from './client.ts';

describe('the client’s address', () => {
  const none = new ClientAddresses([]);
  const some = new ClientAddresses(['127.0.0.1', '10.0.0.0/8', 'fd00::/8']);
  for (const [addresses, peer, said, expected] of [
    [none, '192.0.2.1', undefined, '192.0.2.1'],
    [none, '127.0.0.1', '6.6.6.6', '127.0.0.1'],
    [some, '192.0.2.1', '6.6.6.6', '192.0.2.1'],
    [some, '127.0.0.1', '6.6.6.6', '6.6.6.6, 127.0.0.1'],
    [some, '::ffff:10.1.2.3', '6.6.6.6, 7.7.7.7', '6.6.6.6, 7.7.7.7, 10.1.2.3'],
    [some, 'fd00::1', '2001:db8::1', '2001:db8::1, fd00::1'],
    [some, '127.0.0.1', 'nonsense\u0001, 6.6.6.6', '6.6.6.6, 127.0.0.1'],
    [some, '127.0.0.1', undefined, '127.0.0.1'],
  ] as const) {
    it(`${peer} saying ${said} → ${expected}`, () => assert.equal(addresses.forwardedFor(peer, said), expected));
  }

  for (const [what, addresses, peer, said, expected] of [
    ['itself', none, '192.0.2.1', undefined, '192.0.2.1'],
    ['itself, whatever it says', some, '192.0.2.1', '6.6.6.6', '192.0.2.1'],
    ['who came to a proxy', some, '127.0.0.1', '6.6.6.6', '6.6.6.6'],
    ['who came to the first of two proxies', some, '127.0.0.1', '6.6.6.6, 10.1.2.3', '6.6.6.6'],
    ['who came, whatever they said there', some, '127.0.0.1', '6.6.6.6, 7.7.7.7, 10.1.2.3', '7.7.7.7'],
    ['a proxy that speaks for itself', some, '127.0.0.1', '10.1.2.3', '10.1.2.3'],
    ['a proxy that says nothing', some, '127.0.0.1', undefined, '127.0.0.1'],
  ] as const) {
    it(`is ${what}`, () => assert.equal(addresses.of(peer, said), expected));
  }

  for (const network of ['', 'proxy.example', '10.0.0.0/33', '10.0.0.0/x', '::/129']) {
    it(`refuses to trust “${network}”`, () => {
      assert.throws(
        () => new ClientAddresses([network]),
        (error) => hasCode(error, 'INVALID'),
      );
    });
  }
});
