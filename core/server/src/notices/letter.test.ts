import assert from 'node:assert/strict';
import { isDeliverable, letterAtStart, type LetterFacts, oneLine } from './letter.ts';

const facts: LetterFacts = {
  site: 'Institute',
  user: 'Ada',
  locale: 'en-GB',
  timezone: 'Europe/Rome',
  task: 'Survey',
  software: 'JupyterLab',
  computing: 'Cluster',
  startedAt: new Date('2026-05-04T03:02:01Z'),
  hasEnded: false,
  url: 'https://stele.example.org/tasks?open=k',
};

describe('the e-mail about a start', () => {
  it('says what has started, where, when by the user’s clock, and how to get there', () => {
    const { subject, text } = letterAtStart(facts);
    assert.equal(subject, 'Survey has started on Cluster');
    assert.match(text, /^Hello Ada,\n/);
    assert.match(
      text,
      /“Survey” \(JupyterLab\) has started on Cluster\nat 4 May 2026 at 05:02:01 CEST\. Open it there/,
    );
    assert.match(text, /^https:\/\/stele\.example\.org\/tasks\?open=k$/m);
    assert.match(text, /\n-- \nInstitute\n$/);
  });

  it('says so when it has ended meanwhile', () => {
    assert.match(letterAtStart({ ...facts, hasEnded: true }).text, /It has ended since\./);
  });

  it('has a subject without control characters, of bounded length, whatever the task is called', () => {
    for (const task of ['a\r\nBcc: x@example.org\r\n\r\nb', 'a\u2028b\u202ec', 'x'.repeat(500), '😀'.repeat(300)]) {
      const { subject } = letterAtStart({ ...facts, task });
      assert.doesNotMatch(subject, /[\p{Cc}\u2028\u202e]/u);
      assert(Array.from(subject).length <= 120);
      assert(subject.isWellFormed());
    }
  });

  it('has no line that a name begins', () => {
    const { text } = letterAtStart({ ...facts, user: 'Ada,\n\nyour account ends: https://evil.example' });
    assert.match(text, /^Hello Ada, your account ends: https:\/\/evil\.example,\n/);
  });
});

describe('words in one line', () => {
  for (const [text, line] of [
    ['plain', 'plain'],
    ['a\tb\n\nc', 'a b c'],
    ['\u0000\u001b[31mred\u007f', '[31mred'],
    ['left\u202eright', 'left right'],
    ['Ünïcødé 漢字', 'Ünïcødé 漢字'],
  ] as const) {
    it(JSON.stringify(text), () => assert.equal(oneLine(text), line));
  }
});

describe('an address', () => {
  for (const [address, isGood] of [
    ['ada@example.org', true],
    ['admin@localhost', false],
    ['a@b.invalid', false],
    ['nobody', false],
    ['a@b\n@c.org', false],
  ] as const) {
    it(`${JSON.stringify(address)} gets ${isGood ? 'somewhere' : 'nowhere'}`, () =>
      assert.equal(isDeliverable(address), isGood));
  }
});
