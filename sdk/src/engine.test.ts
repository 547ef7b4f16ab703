import assert from 'node:assert/strict';
import { isTaskSocket } from './engine.ts';

const own = 'stele-abcdefGHI0/sockets/interface';
const cases: readonly (readonly [string, boolean])[] = [
  [`/tmp/${own}`, true],
  [`/local/scratch/job.7/${own}`, true],
  [`/${own}`, true],
  [own, false],
  [`${own}\n`, false],
  [`/tmp\n/${own}`, false],
  [`/tmp//${own}`, false],
  [`/tmp/../${own}`, false],
  [`/tmp/${own}/`, false],
  [`/tmp/${own}/../../x`, false],
  ['/tmp/stele-abcdefghij0/sockets/interface', false],
  ['/tmp/stele-abc.efghij/sockets/interface', false],
  ['/run/docker.sock', false],
  ['', false],
];

describe('the socket of a task', () => {
  for (const [path, isOne] of cases) {
    it(`is ${isOne ? '' : 'not '}${JSON.stringify(path)}`, () => assert.equal(isTaskSocket(path), isOne));
  }
});
