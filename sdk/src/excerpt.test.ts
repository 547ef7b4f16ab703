import assert from 'node:assert/strict';
import { excerpt } from './excerpt.ts';

describe('an excerpt', () => {
  it('is all of what is short', () => {
    for (const text of ['', 'one\ntwo', 'x'.repeat(6_144)]) assert.equal(excerpt(text), text);
  });

  it('is the beginning and the end of what is long', () => {
    const text = excerpt(`begin${'x'.repeat(10_000_000)}end`);
    assert(text.startsWith('beginx') && text.endsWith('xend') && text.length < 6_200);
  });
});
