import assert from 'node:assert/strict';
import { adviceFor, type Finding, needsKey } from './advice.ts';

const failing = (code: Extract<Finding, { state: 'failing' }>['code'], field?: string): Finding => ({
  ...{ state: 'failing', code },
  field,
});

const cases: readonly [string, Finding, RegExp | undefined, boolean][] = [
  ['that works', { state: 'ok' }, undefined, false],
  ['that nobody tried', { state: 'unchecked' }, /authorized_keys of “ada” there\. Then check/, true],
  ['that only the key before opens', { state: 'replacing' }, /authorized_keys of “ada”.*the key before/, true],
  ['that is refused', failing('DENIED'), /authorized_keys of “ada”.*correct the user name/, true],
  ['whose host has an unknown key', failing('INVALID', 'accessConf.hostKeys'), /settings/, false],
  ['whose host has another key', failing('DENIED', 'accessConf.hostKeys'), /settings/, false],
  ['whose host is away', failing('UNREACHABLE'), /later/, false],
  ['whose plugin is away', failing('UNSUPPORTED'), /Tell/, false],
];

describe('advice about an account', () => {
  for (const [what, finding, words, isKey] of cases) {
    it(`${what} ${words ? `is ${words}` : 'is none'}`, () => {
      const advice = adviceFor(finding, 'ada');
      if (words) assert.match(advice ?? '', words);
      else assert.equal(advice, undefined);
      assert.equal(needsKey(finding), isKey);
    });
  }
});
