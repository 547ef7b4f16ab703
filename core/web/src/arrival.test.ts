import assert from 'node:assert/strict';
import { arrivalAt, placeWithin } from './arrival.ts';

const origin = 'https://stele.example.org';

describe('what a browser arrives with', () => {
  const table: readonly [string, ReturnType<typeof arrivalAt>][] = [
    ['/login#link=abc', { kind: 'link', link: 'abc' }],
    ['/login?link=abc', undefined],
    ['/login', undefined],
    ['/tasks#link=abc', undefined],
    ['/login/sso?code=a%2Fb&state=c', { kind: 'answer', provider: 'sso', answer: { code: 'a/b', state: 'c' } }],
    ['/login/sso?code=a&code=b&state=c', { kind: 'answer', provider: 'sso', answer: {} }],
    ['/login/sso', { kind: 'answer', provider: 'sso', answer: {} }],
    ['/login/sso/more?code=a', undefined],
    ['/login/%?code=a', undefined],
  ];
  for (const [path, expected] of table) {
    it(path, () => assert.deepEqual(arrivalAt(new URL(path, origin)), expected));
  }
});

describe('the place that a browser comes back to', () => {
  for (const place of ['/', '/tasks?open=abc', '/account/security', '/a%2fb', '/tasks?next=https://evil.example/']) {
    it(place, () => assert.equal(placeWithin(origin, place), place));
  }

  const elsewhere = [
    ...[
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      '/\n/evil.example',
    ],
    ...[
      'https://evil.example/',
      'javascript:alert(1)',
      'tasks',
      '',
      ' //evil.example',
      '@evil.example',
      '/login/sso?code=a',
    ],
    ...[
      '/a\\..\\..\\evil.example',
      '/.//evil.example\u0000',
      '/.//evil.example',
      '/x/..//evil.example',
      '/login#link=x',
    ],
  ];
  for (const place of elsewhere) {
    it(`is never ${JSON.stringify(place)}`, () => assert.equal(placeWithin(origin, place), '/'));
  }

  it('is home where nothing was kept', () => assert.equal(placeWithin(origin, null), '/'));
});
