import assert from 'node:assert/strict';
import { fill, table } from '../../scripts/lib/docs/fill.ts';

describe('parts of docs that are made from the code', () => {
  const page = 'a\n<!-- made: x -->\nold\n<!-- end: x -->\nz\n';

  it('replace what stands between their marks, and nothing else', () => {
    const once = fill(page, { x: 'new' });
    assert.equal(once, 'a\n<!-- made: x -->\nnew\n<!-- end: x -->\nz\n');
    assert.equal(fill(once, { x: 'new' }), once);
  });

  it('need their marks', () => assert.throws(() => fill(page, { y: '' }), /made: y/));

  it('keep cells apart', () => assert.equal(table(['h'], [['a|b\n<c>']]), '| h |\n|---|\n| a\\|b &lt;c> |'));
});
