import assert from 'node:assert/strict';
import { Value } from 'typebox/value';
import { Name } from './common.ts';

const taken: readonly (readonly [what: string, name: string])[] = [
  ['letters of any script', 'Ωmega 日本語 naïve'],
  ['text from right to left, with its marks', 'תוכנה\u200f (1)'],
  ['an emoji that is joined', '👩\u200d🔬'],
  ['markup, which is text', '<b>"x"</b> & Co.'],
  ['white space around it', ' x '],
];

const refused: readonly (readonly [what: string, name: string])[] = [
  ['nothing', ''],
  ['white space alone', ' \u00a0\u3000'],
  ['what has no width alone', '\u200b\u2060\ufeff'],
  ['an end of string', 'a\u0000b'],
  ['a second line', 'a\nb'],
  ['a line at its end', 'a\n'],
  ['a separator of lines', 'a\u2028b'],
  ['an escape sequence of terminals', 'a\u001b[2Jb'],
  ['the same in one character', 'a\u009b2Jb'],
  ['a deletion', 'a\u007fb'],
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069].map((code): [string, string] => {
    return [`U+${code.toString(16)}, which turns text`, `a${String.fromCharCode(code)}gnp.exe`];
  }),
];

describe('a name', () => {
  for (const [what, name] of taken) it(`has ${what}`, () => assert(Value.Check(Name, name)));
  for (const [what, name] of refused) it(`has not ${what}`, () => assert(!Value.Check(Name, name)));
});
