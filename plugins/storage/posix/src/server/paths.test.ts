import assert from 'node:assert/strict';
import type { Identity, JsonObject, StorageResource } from '@stele/sdk';
import { basePath, bindPath, type For, isShared } from './paths.ts';

const ada: Identity = { kind: 'user', id: 'u1', name: 'ada' };
const platform: Identity = { kind: 'platform' };
const as = (who: Identity, account = 'adal'): For => ({ who, account });

function storage(conf: JsonObject, parts: Partial<StorageResource> = {}): StorageResource {
  const whole = {
    id: 'id-1',
    name: 'Scratch',
    backend: 'posix',
    access: 'local',
    auth: 'none',
    accessConf: {},
  } as const;
  return { ...whole, readOnly: false, conf, ...parts };
}

describe('whether all see the same folder', () => {
  for (const [base, auth, expected] of [
    ['/srv/stele/$USER', 'none', false],
    ['/srv/stele/$USERS', 'none', true],
    ['/srv/project', 'none', true],
    ['/home/$SSH_USER', 'user-keys', false],
    ['/home/$SSH_USER', 'platform-keys', true],
    ['/project', 'user-keys', true],
  ] as const) {
    it(`${base}, with ${auth}: ${expected}`, () => assert.equal(isShared({ auth, conf: { base } }), expected));
  }
});

describe('folder of a storage', () => {
  for (const [base, expected] of [
    ['/srv/stele/$USER', '/srv/stele/ada'],
    ['/srv/stele', '/srv/stele'],
    ['/home/$USER/of-$USER', '/home/ada/of-ada'],
    ['/srv/$USER.d/files', '/srv/ada.d/files'],
    ['/home/$SSH_USER', '/home/adal'],
    ['/home/$SSH_USER/of-$USER', '/home/adal/of-ada'],
  ] as const) {
    it(`${base} is ${expected} for ada`, () => assert.equal(basePath(storage({ base }), as(ada), []), expected));
  }

  for (const base of [
    '',
    'relative',
    '/a/../b',
    '/a/./b',
    '/$HOME',
    '/$USERS',
    '/a//b',
    '/a\nb',
    '/a\0b',
    '/$',
    '/$USER$HOME',
    '/$SSH_USERS',
    '/$SSH',
  ]) {
    it(`refuses ${JSON.stringify(base)}`, () =>
      assert.throws(() => basePath(storage({ base }), as(ada), []), { code: 'INVALID', field: 'conf.base' }));
  }

  for (const name of ['..', '.', 'a/b', '', 'A', 'a b', '-x', 'x'.repeat(33), '$USER']) {
    it(`refuses the user name ${JSON.stringify(name)}`, () =>
      assert.throws(() => basePath(storage({ base: '/srv/$USER' }), as({ ...ada, name }), []), { code: 'INVALID' }));
  }

  for (const account of ['..', '.', '-rf', 'a/b', '', 'a b', '$USER', '$(id)', 'a\n', '1a', 'x'.repeat(33)]) {
    it(`refuses the account name ${JSON.stringify(account)}`, () => {
      const get = (base: string) => () => basePath(storage({ base }), as(ada, account), []);
      assert.throws(get('/srv/$SSH_USER'), { code: 'INVALID', field: 'conf.base' });
      assert.equal(get('/srv/$USER')(), '/srv/ada', 'which is no matter where it is not asked for');
    });
  }

  it('needs a user where each has a folder of their own', () => {
    assert.throws(() => basePath(storage({ base: '/srv/$USER' }), as(platform), []), { code: 'INVALID' });
    assert.equal(basePath(storage({ base: '/srv' }), as(platform), []), '/srv');
    assert.equal(basePath(storage({ base: '/srv/$SSH_USER' }), as(platform, 'svc.stele'), []), '/srv/svc.stele');
  });

  it('is never the root of the host', () => {
    assert.throws(() => basePath(storage({ base: '/' }), as(ada), []), { code: 'DENIED' });
  });

  for (const [base, allowed, isAllowed] of [
    ['/srv/stele/$USER', ['/srv/stele'], true],
    ['/srv/stele', ['/srv/stele'], true],
    ['/srv/stele-other', ['/srv/stele'], false],
    ['/etc', ['/srv/stele', '/data'], false],
    ['/data/x', ['/srv/stele', '/data'], true],
    ['/etc', ['/'], true],
  ] as const) {
    it(`${base} is ${isAllowed ? '' : 'not '}allowed below ${allowed.join(' and ')}`, () => {
      const get = () => basePath(storage({ base }), as(ada), allowed);
      if (isAllowed) get();
      else assert.throws(get, { code: 'DENIED' });
    });
  }

  it('lies where the user’s own rights on the host allow it', () => {
    assert.equal(basePath(storage({ base: '/etc' }, { access: 'ssh', auth: 'user-keys' }), as(ada), ['/srv']), '/etc');
  });
});

describe('folder of a storage in containers', () => {
  for (const [name, expected] of [
    ['Scratch', '/storage/scratch'],
    ['My Files!', '/storage/my-files'],
    ['Éphémère 2', '/storage/ephemere-2'],
    ['../../etc', '/storage/etc'],
    ['東京', '/storage/id-1'],
    ['', '/storage/id-1'],
    ['x'.repeat(100), `/storage/${'x'.repeat(40)}`],
  ] as const) {
    it(`is ${expected} for “${name.slice(0, 20)}”`, () =>
      assert.equal(bindPath(storage({ base: '/srv' }, { name }), as(ada)), expected));
  }

  it('is what the settings say', () => {
    assert.equal(bindPath(storage({ base: '/srv', bind: '/home/$USER/data' }), as(ada)), '/home/ada/data');
    assert.equal(bindPath(storage({ base: '/srv', bind: '' }), as(ada)), '/storage/scratch');
    assert.throws(() => bindPath(storage({ base: '/srv', bind: '/a/../b' }), as(ada)), {
      code: 'INVALID',
      field: 'conf.bind',
    });
    assert.throws(() => bindPath(storage({ base: '/srv', bind: '/' }), as(ada)), {
      code: 'INVALID',
      field: 'conf.bind',
    });
  });
});
