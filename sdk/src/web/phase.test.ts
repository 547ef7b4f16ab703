import assert from 'node:assert/strict';
import { TaskOutcome, TaskPhase, type Task } from '../api/index.ts';
import { icons } from './icons.ts';
import { isLive, statusOf, whyNotConnect } from './phase.ts';

const phases = TaskPhase.enum as readonly Task['phase'][];
const outcomes = TaskOutcome.enum as readonly NonNullable<Task['outcome']>[];

describe('status of a task', () => {
  for (const phase of phases) {
    it(`has a word and an icon for ${phase}`, () => {
      const status = statusOf({ phase, ready: false });
      assert.ok(status.word);
      assert.ok(status.icon in icons, status.icon);
    });
  }

  for (const outcome of outcomes) {
    it(`has a word and an icon for ${outcome}`, () => {
      const status = statusOf({ phase: 'ended', outcome, ready: false });
      assert.ok(status.word);
      assert.ok(status.icon in icons, status.icon);
    });
  }

  it('says that files come before anything is submitted', () => {
    const coming = (state: string) => ({ staging: { in: { state } } }) as Pick<Task, 'staging'>;
    const words = ['moving', 'done'].map(
      (state) => statusOf({ phase: 'submitting', ready: false, ...coming(state) }).word,
    );
    assert.deepEqual(words, ['Copying files', 'Submitting']);
  });

  it('calls a task ready only when its interface answered', () => {
    assert.equal(statusOf({ phase: 'running', ready: true }).tone, 'ready');
    assert.equal(statusOf({ phase: 'running', ready: false }).tone, 'working');
    assert.equal(statusOf({ phase: 'queued', ready: true }).tone, 'waiting');
  });

  it('never calls an end without evidence a success', () => {
    assert.equal(statusOf({ phase: 'ended', outcome: 'lost', ready: false }).tone, 'attention');
    assert.equal(statusOf({ phase: 'ended', ready: false }).word, 'Ended');
  });

  it('says why one cannot connect, for every phase but a ready one', () => {
    for (const phase of phases) assert.ok(whyNotConnect({ phase, ready: false, name: 'x' }), phase);
    assert.equal(whyNotConnect({ phase: 'running', ready: true, name: 'x' }), undefined);
  });

  it('knows what still lives', () => {
    assert.deepEqual(
      phases.filter((phase) => !isLive({ phase })),
      ['ended'],
    );
  });
});
