import assert from 'node:assert/strict';
import type { JsonObject } from '@stele/sdk';
import { secretBox } from '../model/index.ts';
import { keptSettings, sealSettings, secretsSet, settingsOf } from './sealed-settings.ts';

const box = secretBox('1f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c');
const other = secretBox('another secret key that is long enough 0123456789');
const secret = {
  accessConf: { key: 'PEM' },
  conf: { token: 't0k3n', list: ['a'], tls: { key: 'k' } },
  credentials: {},
};
const row = (secrets: string | null, id = 'r1') => ({
  id,
  secrets,
  accessConf: { host: 'h' },
  conf: { tls: { ca: 'c' } },
});
const sealed = sealSettings(box, 'r1', secret);

describe('secret settings', () => {
  it('are sealed one by one, and show that they are set', () => {
    assert(sealed && !/PEM|t0k3n/.test(sealed));
    assert.deepEqual(secretsSet(row(sealed)), ['accessConf.key', 'conf.token', 'conf.list', 'conf.tls.key']);
  });

  it('are nothing where there are none', () => {
    assert.equal(sealSettings(box, 'r1', { accessConf: {}, conf: {}, credentials: {} }), null);
    assert.deepEqual(secretsSet(row(null)), []);
    const { accessConf, conf } = row(null);
    assert.deepEqual(settingsOf(box, row(null)), { accessConf, conf });
  });

  it('are at their places for plugins', () => {
    assert.deepEqual(settingsOf(box, row(sealed)), {
      accessConf: { host: 'h', key: 'PEM' },
      conf: { token: 't0k3n', list: ['a'], tls: { ca: 'c', key: 'k' } },
    });
  });

  it('open in their own row and place alone', () => {
    assert.throws(() => settingsOf(box, row(sealed, 'r2')), { code: 'DENIED' });
    const parts = JSON.parse(sealed ?? '') as { conf: JsonObject };
    const { token = '', tls = '' } = parts.conf;
    const moved = JSON.stringify({ ...parts, conf: { token: (tls as JsonObject)['key'], tls: { key: token } } });
    assert.throws(() => settingsOf(box, row(moved)), { code: 'DENIED' });
  });

  const kept: [string, Parameters<typeof keptSettings>[2], object][] = [
    ['all', {}, secret],
    [
      'what a change does not give',
      { conf: { token: 'new' } },
      { ...secret, conf: { list: ['a'], tls: { key: 'k' } } },
    ],
    [
      'what a change does not take',
      { conf: { tls: { key: null } } },
      { ...secret, conf: { token: 't0k3n', list: ['a'], tls: {} } },
    ],
    ['nothing of another kind', { conf: null }, { ...secret, conf: {} }],
  ];
  for (const [what, change, result] of kept) {
    it(`keep ${what}`, () => assert.deepEqual(keptSettings(box, row(sealed), change), result));
  }

  it('can be given anew when the secret key is another one', () => {
    assert.throws(() => keptSettings(other, row(sealed), { conf: null }), { code: 'DENIED' });
    assert.deepEqual(keptSettings(other, row(sealed), { conf: null, accessConf: { key: 'new' } }), {
      accessConf: {},
      conf: {},
      credentials: {},
    });
  });
});
