import assert from 'node:assert/strict';
import type { Call, ComputingDescription, ComputingDriver, ComputingResource } from '@stele/sdk';
import { testLog } from '../model/testing.ts';
import { Descriptions } from './descriptions.ts';

const resource = { id: 'r' } as ComputingResource;
const callWith = (signal: AbortSignal): Call => ({ who: { kind: 'platform' }, log: testLog, signal });

/** A driver that is asked and answers when the test says so, or ends with the call. */
function slowDriver() {
  const questions: PromiseWithResolvers<ComputingDescription>[] = [];
  const describe: ComputingDriver['describe'] = (_resource, { signal }) => {
    const question = Promise.withResolvers<ComputingDescription>();
    signal.addEventListener('abort', () => question.reject(new Error('aborted')));
    questions.push(question);
    return question.promise;
  };
  return { questions, driver: { describe } as ComputingDriver };
}

describe('descriptions of resources', () => {
  const answer = { facts: [] } as unknown as ComputingDescription;

  it('are asked for once by those who come at once', async () => {
    const { questions, driver } = slowDriver();
    const descriptions = new Descriptions();
    const call = callWith(new AbortController().signal);
    const all = [1, 2, 3].map(() => descriptions.of(driver, resource, call));
    questions[0]?.resolve(answer);
    assert.deepEqual([await Promise.all(all), questions.length], [[answer, answer, answer], 1]);
  });

  it('come to whoever stays when the one who asked first has left', async () => {
    const { questions, driver } = slowDriver();
    const descriptions = new Descriptions();
    const first = new AbortController();
    const left = assert.rejects(descriptions.of(driver, resource, callWith(first.signal)), /aborted/);
    const others = [1, 2].map(() => descriptions.of(driver, resource, callWith(new AbortController().signal)));
    first.abort();
    await left;
    await new Promise(setImmediate);
    assert.equal(questions.length, 2);
    questions[1]?.resolve(answer);
    assert.deepEqual(await Promise.all(others), [answer, answer]);
  });

  it('that fail late take no newer ones away', async () => {
    const { questions, driver } = slowDriver();
    const descriptions = new Descriptions();
    const call = callWith(new AbortController().signal);
    const old = assert.rejects(descriptions.of(driver, resource, call), /late/);
    descriptions.forget('r');
    const now = descriptions.of(driver, resource, call);
    questions[0]?.reject(new Error('late'));
    await old;
    questions[1]?.resolve(answer);
    assert.deepEqual(await Promise.all([now, descriptions.of(driver, resource, call)]), [answer, answer]);
    assert.equal(questions.length, 2);
  });
});
