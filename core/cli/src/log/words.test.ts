import assert from 'node:assert/strict';
import { wordsOf } from './words.ts';

const line = (fields: object): string => JSON.stringify(fields);

describe('wordsOf', () => {
  const table: readonly [string, object, 'debug' | 'warn', string | undefined][] = [
    ['leaves out what is below', { level: 'info', time: 't', msg: 'x' }, 'warn', undefined],
    ['shows it when all is wanted', { level: 'info', time: 't', msg: 'x' }, 'debug', 'x'],
    [
      'says a warning with its fields',
      { level: 'warn', time: 't', plugin: 'p', n: 2, msg: 'Hm' },
      'warn',
      'warning: Hm (plugin: p, n: 2)',
    ],
    [
      'says an error without its stack',
      { level: 'error', time: 't', error: { message: 'no', stack: 'at' }, msg: 'Bad' },
      'warn',
      'error: Bad (no)',
    ],
    [
      'lets nobody speak to the terminal',
      { level: 'warn', host: 'a\u001b]0;x\u0007\u009b2J', error: { message: 'no\r\nerror: forged\u202e' }, msg: 'Bad' },
      'warn',
      'warning: Bad (host: a\\u001b]0;x\\u0007\\u009b2J, no error: forged\\u202e)',
    ],
    ['takes an error that is none', { level: 'error', error: 'text', msg: 'Bad' }, 'warn', 'error: Bad (text)'],
  ];
  for (const [what, fields, lowest, words] of table) {
    it(what, () => assert.equal(wordsOf(line(fields), lowest), words));
  }

  it('takes a line without a level for none', () => assert.equal(wordsOf('{"msg":"x"}', 'warn'), undefined));
});
