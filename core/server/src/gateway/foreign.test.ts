import assert from 'node:assert/strict';
import { isForeign } from './foreign.ts';

const own = 'http://aaaaaaaaaaaaaaaa.tasks.localhost:8080';
const sites = [undefined, 'none', 'same-origin', 'same-site', 'cross-site', 'nonsense'];
const modes = [undefined, 'navigate', 'no-cors', 'cors', 'same-origin', 'websocket'];
const dests = [undefined, 'empty', 'document', 'iframe', 'script', 'image', 'object', 'embed'];

describe('requests of other sites', () => {
  for (const fetchSite of sites) {
    for (const fetchMode of modes) {
      for (const fetchDest of dests) {
        const isOwn = fetchSite === undefined || fetchSite === 'none' || fetchSite === 'same-origin';
        const isLink = fetchMode === 'navigate' && fetchDest === 'document';
        const source = { origin: undefined, fetchSite, fetchMode, fetchDest };
        it(`GET ${fetchSite} ${fetchMode} ${fetchDest}`, () => {
          assert.equal(isForeign({ ...source, method: 'GET' }, own), !isOwn && !isLink);
        });
        it(`POST ${fetchSite} ${fetchMode} ${fetchDest}`, () => {
          assert.equal(isForeign({ ...source, method: 'POST' }, own), !isOwn);
        });
      }
    }
  }

  const old = { fetchSite: undefined, fetchMode: undefined, fetchDest: undefined };
  for (const [method, origin, expected] of [
    ['POST', undefined, false],
    ['POST', own, false],
    ['POST', 'null', true],
    ['POST', `${own}.evil.example`, true],
    ['POST', own.toUpperCase(), true],
    ['POST', 'http://bbbbbbbbbbbbbbbb.tasks.localhost:8080', true],
    ['GET', 'http://bbbbbbbbbbbbbbbb.tasks.localhost:8080', false],
    ['DELETE', 'https://aaaaaaaaaaaaaaaa.tasks.localhost:8080', true],
  ] as const) {
    it(`without fetch metadata: ${method} from ${origin}`, () => {
      assert.equal(isForeign({ ...old, method, origin }, own), expected);
    });
  }
});
