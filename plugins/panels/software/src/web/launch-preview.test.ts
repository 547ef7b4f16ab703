import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskPreview } from '@stele/sdk/api';
import { LaunchPreview } from './launch-preview.ts';

describe('what will be run', () => {
  let answers: (() => Promise<TaskPreview>)[];
  let signals: AbortSignal[];
  const says = (text: string) => () => Promise.resolve({ language: 'sh', text });
  const preview = (): LaunchPreview => {
    const ask = (signal: AbortSignal): Promise<TaskPreview> => {
      signals.push(signal);
      return (answers.shift() as () => Promise<TaskPreview>)();
    };
    return new LaunchPreview(ask, () => undefined, 5);
  };

  beforeEach(() => {
    [answers, signals] = [[], []];
  });

  it('takes its fault back once what was entered is put right, and asks once for many keys', async () => {
    const shown = preview();
    answers.push(() => Promise.reject(new Error('A walltime of 0 is too short.')), says('run 1h'));
    shown.show(true);
    await sleep(1);
    assert.match(String(shown.fault), /too short/);
    for (let key = 0; key < 3; key++) shown.follow();
    assert.match(String(shown.fault), /too short/, 'nothing jumps before the answer');
    await sleep(20);
    assert.deepEqual([shown.fault, shown.text, signals.length], [undefined, 'run 1h', 2]);
  });

  it('asks nothing while nobody looks', async () => {
    const shown = preview();
    answers.push(says('once'));
    shown.follow();
    shown.show(true);
    shown.follow();
    shown.show(false);
    await sleep(20);
    assert.equal(signals.length, 1);
  });

  it('doesn’t show an answer that a later one has overtaken', async () => {
    const shown = preview();
    const late = Promise.withResolvers<TaskPreview>();
    answers.push(() => late.promise, says('new'));
    shown.show(true);
    await shown.read();
    late.resolve({ language: 'sh', text: 'old' });
    await sleep(1);
    assert.deepEqual([shown.text, signals.map(({ aborted }) => aborted)], ['new', [true, false]]);
  });
});
