import assert from 'node:assert/strict';
import { parseContainers } from './inspect.ts';

const line = (startedAt: string, finishedAt: string): string =>
  JSON.stringify({
    id: 'a1',
    name: 'task',
    state: { Status: 'exited', ExitCode: 3, StartedAt: startedAt, FinishedAt: finishedAt },
  });

describe('what an engine says about containers', () => {
  it('names those that are missing, in quotation marks or without', () => {
    for (const words of ['Error: No such container: gone', 'Error: inspecting object: no such container "gone"'])
      assert.deepEqual([...(parseContainers(['gone'], '', words)?.absent ?? [])], ['gone'], words);
  });

  const endings: readonly [
    what: string,
    finishedAt: string,
    exitCode: number | undefined,
    endedAt: string | undefined,
  ][] = [
    ['after its start', '2026-05-01T12:00:01Z', 3, '2026-05-01T12:00:01.000Z'],
    ['by a clock that lags behind its start', '2026-05-01T11:59:59.995Z', 3, '2026-05-01T12:00:00.000Z'],
    ['in an earlier life', '2026-05-01T11:00:00Z', undefined, undefined],
    ['never', '0001-01-01T00:00:00Z', undefined, undefined],
  ];
  for (const [what, finishedAt, exitCode, endedAt] of endings) {
    it(`knows the exit of a container that ended ${what}: ${exitCode ?? 'no'}`, () => {
      const answer = parseContainers(['task'], line('2026-05-01T12:00:00Z', finishedAt), '');
      const state = answer?.found.get('task')?.state;
      assert(state?.phase === 'ended');
      assert.deepEqual([state.exitCode, state.endedAt], [exitCode, endedAt]);
    });
  }
});
