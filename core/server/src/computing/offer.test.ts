import assert from 'node:assert/strict';
import { SteleError } from '@stele/sdk';
import { offerOf } from './offer.ts';

const hostKeys = { type: 'array', items: { type: 'string', pattern: '^ssh-ed25519 [A-Za-z0-9+/=]+$' }, default: [] };
const conf = {
  type: 'object',
  properties: {
    host: { type: 'string' },
    banner: { type: 'string' },
    hostKeys,
    jump: { type: 'array', items: { type: 'object', properties: { host: { type: 'string' }, hostKeys } } },
  },
  additionalProperties: false,
};
const line = 'ssh-ed25519 AAAA';
const lack = (field: string | undefined, raw?: string, code: 'INVALID' | 'DENIED' = 'INVALID'): SteleError =>
  new SteleError(code, 'words', { ...(field === undefined ? {} : { field }), ...(raw === undefined ? {} : { raw }) });

describe('offer of a check', () => {
  for (const [what, error, now, expected] of [
    ['a first entry of a list', lack('accessConf.hostKeys', line), { host: 'h' }, [line]],
    ['one more entry', lack('accessConf.hostKeys', line), { hostKeys: [`${line}A`] }, [`${line}A`, line]],
    ['a text', lack('accessConf.banner', 'hello'), {}, 'hello'],
    ['a part of a list', lack('accessConf.jump.1.hostKeys', line), { jump: [{ host: 'a' }, { host: 'b' }] }, [line]],
  ] as const) {
    it(`is ${what}`, () => {
      const before = structuredClone(now);
      assert.deepEqual(offerOf(error, conf, now), { field: error.field, value: expected });
      assert.deepEqual(now, before, 'the resource itself stays as it is');
    });
  }

  for (const [what, error, now] of [
    ['without a field', lack(undefined, line), {}],
    ['without what was shown', lack('accessConf.hostKeys'), {}],
    ['for a refusal', lack('accessConf.hostKeys', line, 'DENIED'), {}],
    ['for a setting of the driver', lack('conf.hostKeys', line), {}],
    ['for a setting that there isn’t', lack('accessConf.secret', line), {}],
    ['for a prototype', lack('accessConf.__proto__', line), {}],
    ['for a part of a prototype', lack('accessConf.__proto__.x', line), {}],
    ['for a part that isn’t there', lack('accessConf.jump.1.hostKeys', line), { jump: [] }],
    ['for a value that is no valid setting', lack('accessConf.hostKeys', `${line}\nroot`), {}],
  ] as const) {
    it(`is none ${what}`, () => assert.equal(offerOf(error, conf, now), undefined));
  }
});
