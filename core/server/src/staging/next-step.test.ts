import assert from 'node:assert/strict';
import type { Stage, StagedState, StagingPlan } from '../model/index.ts';
import { nextStep, type StagingFacts } from './next-step.ts';

const now = new Date();
const staging: StagingPlan = {
  target: '/storage/work/stele-tasks/key',
  workspace: { storage: 's', storageName: 'S', path: 'stele-tasks/k' },
  in: [],
  out: { storage: 'b', storageName: 'B', path: '', folder: 'task-abc' },
};
const stage = (state: Stage['state']): Stage => ({ state, files: 0, bytes: 0 });
const staged = (inward: Stage['state'], out?: Stage['state'], isCleared?: boolean): StagedState => ({
  in: stage(inward),
  ...(out ? { out: stage(out) } : {}),
  ...(isCleared ? { isCleared } : {}),
});
const task = (facts: Omit<StagingFacts, 'staging'>): StagingFacts => ({ staging, submittedAt: now, ...facts });

const cases: readonly (readonly [string, StagingFacts, ReturnType<typeof nextStep>])[] = [
  ['nothing for a task without files', { phase: 'submitting' }, undefined],
  ['files come in first', task({ phase: 'submitting', staged: staged('waiting', 'idle') }), 'in'],
  ['as well after a crash in the middle', task({ phase: 'submitting', staged: staged('moving', 'idle') }), 'in'],
  ['then it is submitted', task({ phase: 'submitting', staged: staged('done', 'idle') }), undefined],
  [
    'nothing comes in for one that is to stop',
    task({ phase: 'submitting', stopRequestedAt: now, staged: staged('moving', 'idle') }),
    undefined,
  ],
  ['nothing goes while it waits', task({ phase: 'queued', staged: staged('done', 'waiting') }), undefined],
  ['nothing goes while nobody asks', task({ phase: 'running', staged: staged('done', 'idle') }), undefined],
  ['the folder goes when somebody asks', task({ phase: 'running', staged: staged('done', 'waiting') }), 'out'],
  ['and goes on after a crash', task({ phase: 'running', staged: staged('done', 'moving') }), 'out'],
  ['it goes at the end', task({ phase: 'ended', staged: staged('done', 'idle') }), 'out'],
  ['and what it lay in goes last', task({ phase: 'ended', staged: staged('done', 'done') }), 'clear'],
  ['once', task({ phase: 'ended', staged: staged('done', 'done', true) }), undefined],
  ['what could not go stays', task({ phase: 'ended', staged: staged('done', 'failed') }), undefined],
  [
    'until nobody wants it',
    task({ phase: 'ended', deleteRequestedAt: now, staged: staged('done', 'failed') }),
    'clear',
  ],
  [
    'a task that is to be forgotten brings nothing back',
    task({ phase: 'ended', deleteRequestedAt: now, staged: staged('done', 'moving') }),
    'clear',
  ],
  [
    'nor does one that never began',
    task({ phase: 'ended', submittedAt: null, staged: staged('failed', 'idle') }),
    'clear',
  ],
  ['files that only came in are removed', task({ phase: 'ended', staged: staged('done') }), 'clear'],
];

describe('the next step of staging', () => {
  for (const [what, facts, expected] of cases) it(what, () => assert.equal(nextStep(facts), expected));
});
