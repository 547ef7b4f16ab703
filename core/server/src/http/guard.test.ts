import assert from 'node:assert/strict';
import { forgery, type GuardFacts, isOwnHost } from './guard.ts';

const base: GuardFacts = {
  method: 'POST',
  origin: 'http://localhost:8000',
  fetchSite: 'same-origin',
  fetchMode: 'cors',
  token: 'T',
  sessionToken: 'T',
  isBearer: false,
  ownOrigin: 'http://localhost:8000',
};

describe('forgery', () => {
  const sites = [undefined, 'same-origin', 'same-site', 'cross-site', 'none'];
  const modes = [undefined, 'cors', 'same-origin', 'no-cors', 'navigate', 'websocket'];
  for (const fetchSite of sites) {
    for (const fetchMode of modes) {
      const isOurs =
        (fetchSite === undefined || fetchSite === 'same-origin') && fetchMode !== 'no-cors' && fetchMode !== 'navigate';
      it(`${isOurs ? 'accepts' : 'refuses'} a write with Sec-Fetch-Site ${fetchSite} and Sec-Fetch-Mode ${fetchMode}`, () => {
        assert.equal(forgery({ ...base, fetchSite, fetchMode }) === undefined, isOurs);
      });
    }
  }

  const origins: readonly [string | undefined, boolean][] = [
    ['http://localhost:8000', true],
    [undefined, true],
    ['null', false],
    ['http://localhost:80000', false],
    ['https://localhost:8000', false],
    ['http://localhost', false],
    ['http://abc.tasks.localhost:8000', false],
    ['http://localhost:8000.evil.example', false],
  ];
  for (const [origin, isOurs] of origins) {
    it(`${isOurs ? 'accepts' : 'refuses'} Origin ${origin}`, () => {
      assert.equal(forgery({ ...base, origin }) === undefined, isOurs);
    });
  }

  it('wants the session’s token', () => {
    assert.notEqual(forgery({ ...base, token: undefined }), undefined);
    assert.notEqual(forgery({ ...base, token: 'U' }), undefined);
    assert.equal(forgery({ ...base, token: undefined, sessionToken: undefined }), undefined);
  });

  it('lets reads and bearer tokens pass', () => {
    assert.equal(forgery({ ...base, method: 'GET', fetchSite: 'cross-site', token: undefined }), undefined);
    assert.equal(forgery({ ...base, isBearer: true, token: undefined, origin: undefined }), undefined);
  });
});

describe('isOwnHost', () => {
  const own = ['localhost:8000', '127.0.0.1:8000'];
  for (const [host, expected] of [
    ['localhost:8000', true],
    ['LOCALHOST:8000', true],
    ['127.0.0.1:8000', true],
    ['localhost', false],
    ['evil.example', false],
    ['localhost:8000.evil.example', false],
    [undefined, false],
  ] as const) {
    it(`${host} → ${expected}`, () => assert.equal(isOwnHost(host, own), expected));
  }
});
