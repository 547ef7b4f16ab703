import assert from 'node:assert/strict';
import { offerText, patchFor } from './offer.ts';

const value = ['old', 'new'];

describe('what a resource showed of itself', () => {
  it('is set in its place, the rest staying as it is', () => {
    const accessConf = { host: 'h', jump: [{ host: 'a' }, { host: 'b', hostKeys: [] }] };
    const before = structuredClone(accessConf);
    assert.deepEqual(patchFor({ accessConf }, { field: 'accessConf.hostKeys', value }), {
      accessConf: { ...before, hostKeys: value },
    });
    assert.deepEqual(patchFor({ accessConf }, { field: 'accessConf.jump.1.hostKeys', value }), {
      accessConf: { host: 'h', jump: [{ host: 'a' }, { host: 'b', hostKeys: value }] },
    });
    assert.deepEqual(accessConf, before);
  });

  for (const field of ['accessConf', 'conf.x', 'name', 'accessConf.jump.0.hostKeys', 'accessConf.__proto__.x']) {
    it(`is not set at ${field}`, () => assert.equal(patchFor({ accessConf: {} }, { field, value }), undefined));
  }

  it('is shown as what is new', () => {
    assert.equal(offerText({ field: 'f', value }), 'new');
    assert.equal(offerText({ field: 'f', value: 'one' }), 'one');
    assert.equal(offerText({ field: 'f', value: 7 }), '7');
  });
});
