import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { SpareMemory } from './spare-memory.ts';

describe('spare memory', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());
  const keeping = (count: number): SpareMemory => {
    const spare = new SpareMemory();
    for (let kept = 0; kept < count; kept += 1) spare.keep(Buffer.alloc(1));
    return spare;
  };

  it('is kept up to a limit, and goes by halves until a little is left', () => {
    const spare = keeping(300);
    const counts = [spare.count];
    for (let round = 0; round < 5; round += 1) {
      mock.timers.tick(5_000);
      counts.push(spare.count);
    }
    assert.deepEqual(counts, [256, 128, 64, 32, 32, 32]);
  });

  it('of a little stays, and none is left behind by who takes it', () => {
    const spare = keeping(40);
    for (let taken = 0; taken < 20; taken += 1) assert(spare.take());
    mock.timers.tick(60_000);
    assert.equal(spare.count, 20);
    assert.equal(new SpareMemory().take(), undefined);
  });
});
