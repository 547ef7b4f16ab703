import assert from 'node:assert/strict';
import { said } from './said.ts';

describe('what a resource said', () => {
  for (const [what, text, expected] of [
    ['is kept', 'The job waits.\nFor a node.', 'The job waits.\nFor a node.'],
    ['has no NUL', 'a\u0000b', 'a b'],
    ['has no words for terminals', 'a\u001b[2Jb\u009bc\rd', 'a [2Jb c d'],
    ['is well formed', 'a\ud800b', 'a\ufffdb'],
  ] as const) {
    it(what, () => assert.equal(said(text), expected));
  }

  it('is of a length', () => {
    assert.equal(said('x'.repeat(100_000)).length, 2_000);
    assert.match(said('\u{1f680}'.repeat(50_000)), /^\P{Cs}{1,2000}$/u);
  });
});
