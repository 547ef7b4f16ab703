import assert from 'node:assert/strict';
import { fillHint } from './hint.ts';

describe('the hint about connecting', () => {
  const place = { host: '127.0.0.1', port: 8700 };
  for (const [hint, user, said] of [
    ['ssh -p {port} {user}@{host}', 'ada', 'ssh -p 8700 ada@127.0.0.1'],
    ['ssh -p {port} {user}@{host}', undefined, 'ssh -p 8700 user@127.0.0.1'],
    ['vncviewer {host}::{port}', 'ada', 'vncviewer 127.0.0.1::8700'],
    ['{user} {other}', '{host}', '{host} {other}'],
    [undefined, undefined, 'Connect your program to 127.0.0.1, port 8700.'],
  ] as const) {
    it(`says ${said}`, () => assert.equal(fillHint(hint, place, user), said));
  }
});
