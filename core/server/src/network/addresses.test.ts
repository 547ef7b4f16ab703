import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { hasCode } from '@stele/sdk';
import { isIn, isOwn, networksOf, plainAddress, refusalOf } from './addresses.ts';

describe('an address', () => {
  for (const address of [
    ...['169.254.169.254', '169.254.170.2', '0.0.0.0', '0.1.2.3', '224.0.0.1', '255.255.255.255', '240.0.0.1'],
    ...[
      '100.100.100.200',
      '192.0.0.192',
      '168.63.129.16',
      'fd00:ec2::254',
      'fd20:ce::254',
      'fd00:42::42',
      'fe80::1',
      'ff02::1',
      '::',
    ],
    ...['::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1'],
  ]) {
    it(`is refused always: ${address}`, () => assert(refusalOf(address)));
  }

  for (const address of ['10.0.0.1', '127.0.0.1', '::1', '192.168.1.1', '203.0.113.9', 'fd12::1', '100.64.0.1'])
    it(`is refused by its use alone: ${address}`, () => assert.equal(refusalOf(address), undefined));

  it('is known as the platform’s own, in either spelling', () => {
    const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    for (const { address } of all) assert(isOwn(address), address);
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])
      assert(isOwn(address), address);
    assert(!isOwn('203.0.113.9'));
  });

  it('is read as IPv4 where it is', () => {
    assert.equal(plainAddress('::ffff:10.1.2.3'), '10.1.2.3');
    assert.equal(plainAddress('::FFFF:0a01:0203'), '10.1.2.3');
    assert.equal(plainAddress('fd12::1'), 'fd12::1');
  });
});

describe('networks', () => {
  it('hold what lies in them', () => {
    const list = networksOf(['10.20.0.0/16', '192.0.2.7', 'fd12::/16']);
    for (const address of ['10.20.255.1', '192.0.2.7', 'fd12:1::9', '::ffff:10.20.0.1'])
      assert(isIn(list, address), address);
    for (const address of ['10.21.0.1', '192.0.2.8', 'fd13::1']) assert(!isIn(list, address), address);
  });

  for (const network of ['10.0.0.0/33', '10.0.0.0/', '10.0.0/8', 'everywhere', '::/129', '']) {
    it(`are none: “${network}”`, () => {
      assert.throws(
        () => networksOf([network]),
        (error) => hasCode(error, 'INVALID'),
      );
    });
  }
});
