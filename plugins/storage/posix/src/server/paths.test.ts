import assert from 'node:assert/strict';
import type { Identity, JsonObject, StorageResource } from '@stele/sdk';
import { basePath, bindPath } from './paths.ts';

const ada: Identity = { kind: 'user', id: 'u1', name: 'ada' };
const platform: Identity = { kind: 'platform' };

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

describe('folder of a storage', () => {
  for (const [base, expected] of [
    ['/srv/stele/$USER', '/srv/stele/ada'],
    ['/srv/stele', '/srv/stele'],
    ['/home/$USER/of-$USER', '/home/ada/of-ada'],
    ['/srv/$USER.d/files', '/srv/ada.d/files'],
  ] as const) {
    it(`${base} is ${expected} for ada`, () => assert.equal(basePath(storage({ base }), ada, []), expected));
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
  ]) {
    it(`refuses ${JSON.stringify(base)}`, () =>
      assert.throws(() => basePath(storage({ base }), ada, []), { code: 'INVALID', field: 'conf.base' }));
  }

  for (const name of ['..', '.', 'a/b', '', 'A', 'a b', '-x', 'x'.repeat(33), '$USER']) {
    it(`refuses the user name ${JSON.stringify(name)}`, () =>
      assert.throws(() => basePath(storage({ base: '/srv/$USER' }), { ...ada, name }, []), { code: 'INVALID' }));
  }

  it('needs a user where each has a folder of their own', () => {
    assert.throws(() => basePath(storage({ base: '/srv/$USER' }), platform, []), { code: 'INVALID' });
    assert.equal(basePath(storage({ base: '/srv' }), platform, []), '/srv');
  });

  it('is never the root of the host', () => {
    assert.throws(() => basePath(storage({ base: '/' }), ada, []), { code: 'DENIED' });
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
      const get = () => basePath(storage({ base }), ada, allowed);
      if (isAllowed) get();
      else assert.throws(get, { code: 'DENIED' });
    });
  }

  it('lies where the user’s own rights on the host allow it', () => {
    assert.equal(basePath(storage({ base: '/etc' }, { access: 'ssh', auth: 'user-keys' }), ada, ['/srv']), '/etc');
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
      assert.equal(bindPath(storage({ base: '/srv' }, { name }), ada), expected));
  }

  it('is what the settings say', () => {
    assert.equal(bindPath(storage({ base: '/srv', bind: '/home/$USER/data' }), ada), '/home/ada/data');
    assert.equal(bindPath(storage({ base: '/srv', bind: '' }), ada), '/storage/scratch');
    assert.throws(() => bindPath(storage({ base: '/srv', bind: '/a/../b' }), ada), {
      code: 'INVALID',
      field: 'conf.bind',
    });
    assert.throws(() => bindPath(storage({ base: '/srv', bind: '/' }), ada), { code: 'INVALID', field: 'conf.bind' });
  });
});
