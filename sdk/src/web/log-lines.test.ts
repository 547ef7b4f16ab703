import assert from 'node:assert/strict';
import { LogLines } from './log-lines.ts';

function lines(limit: number, ...pieces: string[]): string {
  const log = new LogLines(limit);
  for (const piece of pieces) log.add(piece);
  return log.text();
}

describe('lines of a log', () => {
  it('joins a line that came in pieces', () => assert.equal(lines(9, 'he', 'llo\nwor', 'ld\n'), 'hello\nworld'));
  it('shows a line that has not ended', () => assert.equal(lines(9, 'a\nb'), 'a\nb'));
  it('keeps the newest', () => assert.equal(lines(2, 'a\nb\nc\nd\n'), 'c\nd'));
  it('leaves out colours, cursor moves and titles', () => {
    assert.equal(lines(9, '\u001b[31mred\u001b[0m \u001b]0;title\u0007x\u001b[2K\n'), 'red x');
  });
  it('leaves out an escape that was cut in two', () => assert.equal(lines(9, '\u001b[3', '1mred\n'), 'red'));
  it('lets a progress bar rewrite its line', () => assert.equal(lines(9, '10%\r50%\r100%\nnext\r\n'), '100%\nnext'));
  it('says whether anything came', () => {
    const log = new LogLines(3);
    assert.equal(log.isEmpty, true);
    log.add('x');
    assert.equal(log.isEmpty, false);
    log.clear();
    assert.equal(log.isEmpty, true);
  });
});
