import assert from 'node:assert/strict';
import { checkNetworks, isNetwork } from './networks.ts';

describe('networks', () => {
  for (const network of [
    '10.20.0.0/16',
    '192.0.2.7',
    'fd12::/16',
    '0.0.0.0/0',
    '::1',
    '::/128',
    '::ffff:10.0.0.1/120',
  ]) {
    it(`are some: ${network}`, () => assert(isNetwork(network)));
  }

  const none = [
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0/8',
    '010.0.0.1',
    '1.2.3.256',
    ':',
    '10.0.0.0/8/8',
    '10.0.0.0/1e1',
    '::/129',
    'everywhere',
    '',
  ];
  for (const network of none) {
    it(`are none: “${network}”`, () => {
      assert(!isNetwork(network));
      assert.throws(() => checkNetworks(['10.0.0.0/8', network], 'conf.networks'), { field: 'conf.networks' });
    });
  }
});
