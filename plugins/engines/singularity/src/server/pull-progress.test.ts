import assert from 'node:assert/strict';
import { PullProgress } from './pull-progress.ts';

const pulls: readonly (readonly [
  what: string,
  lines: readonly string[],
  sentences: readonly (string | undefined)[],
])[] = [
  [
    'a pull from its begin to its end',
    [
      'INFO:    Starting build...',
      'STELE 4',
      'STELE 204800',
      'INFO:    Extracting OCI image...',
      'STELE 409600',
      'INFO:    Creating SIF file...',
      'STELE 409604',
      'STELE 512000',
      'STELE 512000',
    ],
    [
      'Fetching the image.',
      undefined,
      'Fetching the image: 200 MiB so far.',
      'Unpacking the image.',
      'Unpacking the image: 200 MiB so far.',
      'Making the image into one file, once for all tasks.',
      undefined,
      'Making the image into one file, once for all tasks: 100 MiB so far.',
      undefined,
    ],
  ],
  [
    'one that somebody else does',
    ['STELE waits', 'STELE waits'],
    ['Fetching the image: another task is fetching it.', undefined],
  ],
  [
    'one whose program says nothing we know',
    ['WARNING: whatever', 'STELE 10240'],
    [undefined, 'Fetching the image: 10 MiB so far.'],
  ],
  [
    'a stage that takes away what an earlier one made',
    ['STELE 409600', 'INFO:    Creating SIF file...', 'STELE 102400'],
    ['Fetching the image: 400 MiB so far.', 'Making the image into one file, once for all tasks.', undefined],
  ],
];

describe('how far a pull is', () => {
  for (const [what, lines, sentences] of pulls) {
    it(`is told: ${what}`, () => {
      const progress = new PullProgress();
      assert.deepEqual(
        lines.map((line) => progress.add(line)),
        sentences,
      );
    });
  }
});
