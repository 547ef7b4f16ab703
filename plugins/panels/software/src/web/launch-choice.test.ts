import assert from 'node:assert/strict';
import { cautionOf, engineChoices, enginePart, firstFitting, lossWords } from './launch-choice.ts';
import type { Offer } from './launch-choice.ts';

const known = (fits: boolean): Offer => ({ state: 'known', options: { fits } as never });
const asking: Offer = { state: 'asking' };
const places = [{ id: 'a' }, { id: 'b' }];
const first = (a: Offer, b: Offer, last?: string) =>
  firstFitting(
    places,
    new Map([
      ['a', a],
      ['b', b],
    ]),
    last,
  );

describe('where a launch goes by itself', () => {
  it('takes the first that fits', () => {
    assert.equal(first(known(true), known(true)), 'a');
    assert.equal(first(known(false), known(true)), 'b');
    assert.equal(first({ state: 'failed', error: 'x' }, known(true)), 'b');
    assert.equal(first(known(false), known(false)), undefined);
  });

  it('waits for those before it', () => assert.equal(first(asking, known(true)), undefined));

  it('prefers the place of the last time, and waits for it', () => {
    assert.equal(first(known(true), known(true), 'b'), 'b');
    assert.equal(first(known(true), asking, 'b'), undefined);
    assert.equal(first(known(true), known(false), 'b'), 'a');
    assert.equal(first(known(true), known(true), 'gone'), 'a');
  });
});

describe('engines to choose from', () => {
  it('are one for each runtime', () => {
    const choices = engineChoices([
      { id: 'podman', runtimes: ['crun', 'runc'] },
      { id: 'docker', runtimes: [] },
    ]);
    assert.deepEqual(
      choices.map((choice) => choice.value),
      ['podman/crun', 'podman/runc', 'docker'],
    );
  });

  it('are cautioned of one by one', () => {
    const engines = [
      { id: 'singularity', runtimes: [], caution: 'Others get there.' },
      { id: 'podman', runtimes: ['crun'] },
    ];
    assert.equal(cautionOf(engines, undefined), 'Others get there.');
    assert.equal(cautionOf(engines, 'singularity'), 'Others get there.');
    assert.equal(cautionOf(engines, 'podman/crun'), undefined);
    assert.equal(cautionOf([], undefined), undefined);
  });

  it('are sent by their parts', () => {
    assert.deepEqual(enginePart('podman/crun'), { engine: { id: 'podman', runtime: 'crun' } });
    assert.deepEqual(enginePart('docker'), { engine: { id: 'docker' } });
    assert.deepEqual(enginePart(undefined), {});
  });
});

describe('what a launch says is lost', () => {
  const offer = (readOnly: boolean, reason?: string) =>
    ({ sources: [{ id: 's', name: 'S', readOnly }], workspaces: [], reason }) as Parameters<typeof lossWords>[1];

  it('speaks of storages where there are some', () => {
    assert.match(lossWords(true, offer(false)), /outside of your storages/);
    assert.match(lossWords(false, offer(true)), /mount no storage: .* when it ends\.$/);
  });

  it('promises results alone that can be brought back', () => {
    assert.match(lossWords(false, offer(false)), /brought back\.$/);
    assert.doesNotMatch(lossWords(false, offer(false, 'It keeps no folders.')), /brought back/);
  });
});
