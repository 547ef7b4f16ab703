import assert from 'node:assert/strict';
import { addonNotes } from './doctor.ts';

describe('what SSH says to the doctor', () => {
  it('is that it is slow without its addon, and what to do', () => {
    const [note] = addonNotes(false);
    assert.equal(note?.state, 'weak');
    assert.match(note?.advice ?? '', /npm rebuild ssh2/);
    assert.deepEqual(
      addonNotes(true).map(({ state }) => state),
      ['fine'],
    );
  });
});
