import assert from 'node:assert/strict';
import { hasCode, type JsonObject } from '@stele/sdk';
import { confOf } from './conf.ts';

const ed25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDWx5lzoVR8J4h5lEJ2rZkF5WnL6C0H0dN3nNwXQ0q1d';

const refused: readonly (readonly [what: string, conf: JsonObject, field: string])[] = [
  ['no host', {}, 'accessConf.host'],
  ['an option as host', { host: '-oProxyCommand=x' }, 'accessConf.host'],
  ['a host with a blank', { host: 'a b' }, 'accessConf.host'],
  ['a port out of range', { host: 'a', port: 70_000 }, 'accessConf.port'],
  ['a port in words', { host: 'a', port: '22' }, 'accessConf.port'],
  ['an account with quotes', { host: 'a', user: "a'b" }, 'accessConf.user'],
  ['an account like an option', { host: 'a', user: '-l' }, 'accessConf.user'],
  ['a key with its host', { host: 'a', hostKeys: [`a ${ed25519}`] }, 'accessConf.hostKeys'],
  [
    'a key of another type than it says',
    { host: 'a', hostKeys: [ed25519.replace('ed25519', 'rsa')] },
    'accessConf.hostKeys',
  ],
  ['a jump to nowhere', { host: 'a', jump: [{}] }, 'accessConf.jump.0.host'],
  ['an unknown setting of a jump', { host: 'a', jump: [{ host: 'b', x: 1 }] }, 'accessConf.jump.0.x'],
  ['an unknown setting', { host: 'a', password: 'x' }, 'accessConf.password'],
];

describe('access settings of SSH', () => {
  for (const [what, conf, field] of refused) {
    it(`refuse ${what}`, () => {
      assert.throws(
        () => confOf(conf, undefined, 'ada'),
        (error) => hasCode(error, 'INVALID') && error.field === field,
      );
    });
  }

  it('take the account’s name from whoever knows it best', () => {
    const users = (username?: string, user?: string, fallback?: string) =>
      confOf({ host: 'a', ...(user && { user }) }, username, fallback).route[0].user;
    assert.equal(users('own', 'set', 'ada'), 'own');
    assert.equal(users(undefined, 'set', 'ada'), 'set');
    assert.equal(users(undefined, undefined, 'ada'), 'ada');
    assert.throws(
      () => users(),
      (error) => hasCode(error, 'INVALID') && error.field === 'accessConf.user',
    );
  });

  it('put the hosts on the way before the host', () => {
    const { route } = confOf(
      {
        host: 'c',
        hostKeys: [ed25519],
        jump: [
          { host: 'a', port: 2222 },
          { host: 'b', user: 'x' },
        ],
      },
      'u',
      undefined,
    );
    assert.deepEqual(
      route.map(({ host, port, user, pins }) => [host, port, user, pins.length]),
      [
        ['a', 2222, 'u', 0],
        ['b', 22, 'x', 0],
        ['c', 22, 'u', 1],
      ],
    );
  });
});
