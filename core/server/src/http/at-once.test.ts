import assert from 'node:assert/strict';
import { AtOnce } from './at-once.ts';

describe('what a user has open at once', () => {
  it('is counted for each user, until it is given back', () => {
    const open = new AtOnce(2);
    const [first] = [open.take('ada'), open.take('ada')];
    assert.equal(open.take('ada'), undefined);
    assert(open.take('bob'));
    first?.[Symbol.dispose]();
    assert(open.take('ada'));
    assert.equal(open.take('ada'), undefined);
  });

  it('is given back once, however often that is said', () => {
    const open = new AtOnce(1);
    const first = open.take('ada');
    first?.[Symbol.dispose]();
    assert(open.take('ada'));
    first?.[Symbol.dispose]();
    assert.equal(open.take('ada'), undefined);
  });
});
