import assert from 'node:assert/strict';
import { isText } from './text.ts';

describe('text or not', () => {
  for (const [words, text, is] of [
    ['plain text', 'name,ra,dec\n1,2,3\r\n', true],
    ['nothing', '', true],
    ['colours of a terminal', '\u001b[32mok\u001b[0m\n', true],
    ['another alphabet', 'مرحبا بالعالم', true],
    ['one strange byte in a long text', `${'word '.repeat(100)}\ufffd`, true],
    ['a NUL', 'abc\0', false],
    ['bytes of no encoding', '\ufffdPNG\u001a\ufffd\ufffd', false],
    ['control characters', '\u0007'.repeat(50), false],
  ] as const) {
    it(words, () => assert.equal(isText(text), is));
  }
});
