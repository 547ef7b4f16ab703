import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { skip } from '../testing/skip.ts';
import { gpuWord, withGpus } from './gpus.ts';

/** What a command becomes on this machine. */
function become(style: 'cdi' | 'gpus', words: readonly string[], env: Record<string, string> = {}): readonly string[] {
  const [program = '', ...args] = withGpus(['printf', '%s\\n', ...words], style);
  const text = execFileSync(program, args, { env: { PATH: process.env['PATH'] ?? '', ...env }, encoding: 'utf8' });
  return text.slice(0, -1).split('\n');
}

describe('GPUs of a job', () => {
  before(function () {
    if (existsSync('/dev/kfd')) skip(this, 'this machine has a GPU of its own');
  });

  it('are named by the Container Device Interface', () => {
    assert.deepEqual(become('cdi', ['run', gpuWord, 'image']), ['run', '--device', 'nvidia.com/gpu=all', 'image']);
  });

  it('are those that the scheduler gave', () => {
    const given = { CUDA_VISIBLE_DEVICES: '1,3' };
    const named = ['--device', 'nvidia.com/gpu=all', '--env', 'CUDA_VISIBLE_DEVICES'];
    assert.deepEqual(become('cdi', ['run', gpuWord, 'image'], given), ['run', ...named, 'image']);
    assert.deepEqual(become('gpus', ['run', gpuWord, 'image'], given), ['run', '--gpus', '"device=1,3"', 'image']);
    const inGroup = { CUDA_VISIBLE_DEVICES: '0', SLURM_JOB_GPUS: '2' };
    assert.deepEqual(become('gpus', ['run', gpuWord, 'image'], inGroup), ['run', '--gpus', '"device=2"', 'image']);
    assert.throws(() => become('gpus', ['run', gpuWord, 'image']), { status: 125 });
  });

  it('change no other word, not even one that looks like theirs', () => {
    const words = ['', ' two ', '$(id)', "it's", '"', '*', gpuWord];
    assert.deepEqual(become('gpus', [gpuWord, ...words], { SLURM_JOB_GPUS: '0' }).slice(2), words);
  });
});
