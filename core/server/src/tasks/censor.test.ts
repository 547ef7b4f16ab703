import assert from 'node:assert/strict';
import { isSteleError, SteleError } from '@stele/sdk';
import { inspect } from 'node:util';
import { Censor } from './censor.ts';

const credentials = { username: 'ada', password: 'ca/na"ry' };
const odd = { username: 'ada', password: 'ca na(ry)!' };
const basic = Buffer.from('ada:ca/na"ry').toString('base64');

describe('credentials in what others say', () => {
  const censor = new Censor(credentials);
  for (const [what, text] of [
    ['as entered', 'no such user: ada ca/na"ry!'],
    ['in JSON', String.raw`{"password":"ca/na\"ry"}`],
    ['in a URL', 'https://r/token?password=ca%2Fna%22ry'],
    ['as they travel', `Authorization: Basic ${basic}`],
    ['as an account’s name', 'Get "https://auth.r.example/token?account=ada&scope=x": denied'],
  ] as const) {
    it(`are taken out ${what}`, () => {
      const said = censor.text(text);
      assert.match(said, /\[secret\]/);
      assert(!/ca.{1,3}na.*ry|account=/.test(said) && !said.includes(basic), said);
    });
  }

  for (const text of ['ca%20na(ry)!', 'ca%20na%28ry%29%21', 'password=ca+na%28ry%29%21&scope=x']) {
    it(`are taken out of a form: ${text}`, () => {
      assert.match(new Censor(odd).text(text), /^(?:password=)?\[secret\](?:&scope=x)?$/);
    });
  }

  it('are taken out of errors, their causes and stacks, and nothing else is', () => {
    const cause = new Error(`got ${basic}`, { cause: 'ca/na"ry' });
    const error = new SteleError('DENIED', 'ca/na"ry is refused', { field: 'image', raw: `said ${basic}`, cause });
    const clean = censor.error(error);
    assert(isSteleError(clean));
    const { code, message, field, raw } = clean;
    assert.deepEqual([code, message, field, raw], ['DENIED', '[secret] is refused', 'image', 'said [secret]']);
    const all = inspect(clean, { depth: 9 }) + String(clean.stack);
    assert(!all.includes(basic) && !all.includes('ca/na"ry'), all);
  });

  it('are none: everything stays', () => {
    const error = new Error('x');
    assert.equal(new Censor(undefined).error(error), error);
    assert.equal(new Censor(undefined).text('x'), 'x');
  });
});
