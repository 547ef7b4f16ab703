import assert from 'node:assert/strict';
import { gpuCount, parseGres, parseTres } from './gres.ts';
import { parseHostlist } from './hostlist.ts';
import { formatMemory, parseMemory } from './memory.ts';
import { durationWords, formatMinutes, parseDuration, parseMoment } from './time.ts';

describe('values as Slurm writes them', () => {
  const durations: readonly (readonly [string, number | undefined])[] = [
    ['30', 1_800],
    ['10:00', 600],
    ['0:05', 5],
    ['12:00', 720],
    ['12:00:00', 43_200],
    ['1-12', 129_600],
    ['1-12:30', 131_400],
    ['1-00:00:00', 86_400],
    ['2-03:04:05', 183_845],
    ['365-00:00:00', 31_536_000],
    ['UNLIMITED', Infinity],
    ['infinite', Infinity],
    ['N/A', undefined],
    ['NONE', undefined],
    ['n/a', undefined],
    ['INVALID', undefined],
    ['', undefined],
    ['1:2:3:4', undefined],
    ['-5', undefined],
    ['1-', undefined],
  ];
  for (const [text, seconds] of durations) {
    it(`reads the time “${text}”`, () => assert.equal(parseDuration(text), seconds));
  }

  it('writes limits in minutes, rounded up', () => {
    assert.deepEqual([1, 60, 61, 3_600].map(formatMinutes), ['1', '1', '2', '60']);
  });

  it('reads moments, and none where there is none', () => {
    assert.equal(parseMoment('1795830714'), '2026-11-28T01:51:54.000Z');
    for (const text of ['N/A', 'Unknown', '', '0', 'now', '12345678901234567890'])
      assert.equal(parseMoment(text), undefined);
  });

  it('tells times in words', () => {
    assert.deepEqual([0, 61, 129_600, Infinity].map(durationWords), [
      '0 seconds',
      '1 minute 1 second',
      '1 day 12 hours',
      'no limit',
    ]);
  });

  const memories: readonly (readonly [string, number | undefined])[] = [
    ['1800', 1_887_436_800],
    ['1800+', 1_887_436_800],
    ['3600M', 3_774_873_600],
    ['2G', 2_147_483_648],
    ['1.5T', 1_649_267_441_664],
    ['512K', 524_288],
    ['4Gn', 4_294_967_296],
    ['UNLIMITED', undefined],
    ['N/A', undefined],
    ['', undefined],
  ];
  for (const [text, bytes] of memories) {
    it(`reads the memory “${text}”`, () => assert.equal(parseMemory(text), bytes));
  }

  it('writes memory in mebibytes, rounded up', () => {
    assert.deepEqual([1, 1_048_576, 1_048_577].map(formatMemory), ['1M', '1M', '2M']);
  });

  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['node1', ['node1']],
    ['node[1-3]', ['node1', 'node2', 'node3']],
    ['rack[1-2]n[01-03]', ['rack1n01', 'rack1n02', 'rack1n03', 'rack2n01', 'rack2n02', 'rack2n03']],
    ['n[08-10,12],login', ['n08', 'n09', 'n10', 'n12', 'login']],
    ['a[1,3]-ib', ['a1-ib', 'a3-ib']],
    ['', []],
    ['(null)', []],
    ['None assigned', []],
  ];
  for (const [text, hosts] of lists) {
    it(`reads the hosts “${text}”`, () => assert.deepEqual(parseHostlist(text), hosts));
  }

  it('cuts a list that is too long to be one', () => {
    assert.equal(parseHostlist('n[1-999999999]').length, 10_000);
    assert.equal(parseHostlist('n[1-99999]'.repeat(20)).length, 10_000);
    assert.equal(parseHostlist(`n[${'1-9999,'.repeat(99)}1]m[1-9999]`).length, 10_000);
    assert.deepEqual(parseHostlist(`${'n'.repeat(1_000_000)}[1-9999],m`), ['m']);
    assert.deepEqual(parseHostlist(`n[${'0'.repeat(1_000_000)}1-9999],m`), ['m']);
  });

  const resources: readonly (readonly [string, Readonly<Record<string, number>>])[] = [
    ['(null)', {}],
    ['gpu:2', { '': 2 }],
    ['gpu', { '': 1 }],
    ['gpu:fake:2', { fake: 2 }],
    ['gpu:a100:4(S:0-1,3),gpu:v100:2(S:1),nvme:1', { a100: 4, v100: 2 }],
    ['gpu:a100:2,shard:a100:8,mps:200', { a100: 2 }],
    ['gpu:a100_3g.20gb:2', { 'a100_3g.20gb': 2 }],
    ['gpu_mem:80', {}],
  ];
  for (const [text, gpus] of resources) {
    it(`reads the GPUs of “${text}”`, () => assert.deepEqual(parseGres(text), gpus));
  }

  it('counts no GPU twice', () => {
    assert.equal(parseTres('cpu=8,mem=8000M,node=2,billing=8,gres/gpu=2,gres/gpu:a100=2'), 2);
    assert.equal(parseTres('cpu=8,gres/gpu:a100=2,gres/gpu:v100=1'), 3);
    assert.equal(parseTres('cpu=8'), 0);
    assert.equal(gpuCount(parseGres('gpu:a100:4,gpu:v100:2')), 6);
  });
});
