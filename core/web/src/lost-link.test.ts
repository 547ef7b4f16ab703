import assert from 'node:assert/strict';
import { lostLink } from './lost-link.ts';

describe('a lost link to log in', () => {
  for (const host of ['localhost', '127.0.0.1', '[::1]', 'stele.localhost']) {
    it(`is for the reader to make anew at ${host}`, () => assert.equal(lostLink(host).command, './stele log-in-link'));
  }
  for (const host of ['science.example.org', 'localhost.example.org', '10.0.0.1']) {
    it(`is for others to make anew at ${host}`, () => assert.match(lostLink(host).says, /^Whoever runs/));
  }
});
