import assert from 'node:assert/strict';
import { formatDuration, formatExact, formatRelative, plural } from './format.ts';

describe('words for numbers', () => {
  const table = <I>(name: string, words: (input: I) => string, rows: readonly (readonly [I, string])[]): void => {
    for (const [input, expected] of rows) {
      it(`${name}: ${String(input)} is “${expected}”`, () => assert.equal(words(input), expected));
    }
  };

  table('duration', (value: number) => formatDuration(value, 'en'), [
    [0, '0 sec'],
    [-3, '0 sec'],
    [59.6, '1 min'],
    [61, '1 min 1 sec'],
    [3600, '1 hr'],
    [7500, '2 hr 5 min'],
    [90_061, '1 day 1 hr'],
  ]);

  const now = new Date('2026-05-01T12:00:00Z');
  table('relative', (seconds: number) => formatRelative(new Date(now.getTime() + seconds * 1000), now, 'en'), [
    [0, 'now'],
    [-44, 'now'],
    [-60, '1 minute ago'],
    [-3600, '1 hour ago'],
    [7200, 'in 2 hours'],
    [-86_400, 'yesterday'],
    [-86_400 * 60, '2 months ago'],
    [-86_400 * 800, '2 years ago'],
  ]);

  it('tells the exact time with seconds and zone', () => {
    assert.match(formatExact(now, 'en', 'Europe/Rome'), /May 1, 2026.*02:00:00.*GMT\+2/);
  });

  it('counts', () => {
    assert.equal(plural(1, 'task', 'tasks'), '1 task');
    assert.equal(plural(0, 'task', 'tasks'), '0 tasks');
  });
});
