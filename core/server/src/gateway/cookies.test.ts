import assert from 'node:assert/strict';
import { cookieFromTask, cookiesForTask, ownJar, readCookie, sharedJar } from './cookies.ts';

const key = 'a1b2c3d4e5f6a7b8';
const other = 'ffffffffffffffff';
const shared = sharedJar(key);

describe('reading the entry cookie', () => {
  for (const [header, expected] of [
    [undefined, undefined],
    ['', undefined],
    ['a=1', undefined],
    ['__Host-stele-task=x', 'x'],
    ['a=1; __Host-stele-task=x.y_z-; b=2', 'x.y_z-'],
    ['__Host-stele-task=x=', 'x='],
    ['__Host-stele-task=x; __Host-stele-task=y', undefined],
    ['__host-stele-task=x', undefined],
    ['__Host-stele-task', undefined],
    ['x__Host-stele-task=x', undefined],
  ] as const) {
    it(`${header} → ${expected}`, () => assert.equal(readCookie(header, ownJar.entry), expected));
  }
});

describe('cookies to a task with a jar of its own', () => {
  for (const [header, expected] of [
    ['a=1', 'a=1'],
    ['a=1; b="x y";c', 'a=1; b="x y"; c'],
    ['__Host-stele-task=secret', undefined],
    ['a=1; __Host-stele=session; __Host-stele-task=secret; b=2', 'a=1; b=2'],
    ['__HOST-STELE=session; __Secure-stele-x=1', undefined],
    ['__Host-mine=1; stele-theme=dark', '__Host-mine=1; stele-theme=dark'],
    ['; ;', undefined],
  ] as const) {
    it(`${header} → ${expected}`, () => assert.equal(cookiesForTask(header, ownJar), expected));
  }
});

describe('cookies to a task in a shared jar', () => {
  for (const [header, expected] of [
    ['a=1', undefined],
    [`stele-${key}-a=1; stele-${other}-a=2; b=3`, 'a=1'],
    [`__Host-stele-task-${key}=secret; __Host-stele-${key}-s=1`, '__Host-s=1'],
    [`__Secure-stele-${key}-s=1; __Host-stele-${other}-s=2; __Host-stele=session`, '__Secure-s=1'],
    [`stele-${key}-=v`, '=v'],
  ] as const) {
    it(`${header} → ${expected}`, () => assert.equal(cookiesForTask(header, shared), expected));
  }
});

describe('cookies of a task', () => {
  for (const [value, own, inShared] of [
    ['a=1', 'a=1', `stele-${key}-a=1`],
    ['a=1; Path=/; HttpOnly', 'a=1; Path=/; HttpOnly', `stele-${key}-a=1; Path=/; HttpOnly`],
    ['a=1; Domain=tasks.localhost; Secure', 'a=1; Secure', `stele-${key}-a=1; Secure`],
    ['a=1;DOMAIN = .localhost', 'a=1', `stele-${key}-a=1`],
    ['a=1; domain', 'a=1', `stele-${key}-a=1`],
    ['a=domain=x', 'a=domain=x', `stele-${key}-a=domain=x`],
    ['__Host-s=1; Secure; Path=/', '__Host-s=1; Secure; Path=/', `__Host-stele-${key}-s=1; Secure; Path=/`],
    ['__Host-stele-task=mine', undefined, undefined],
    ['__host-stele=mine; Path=/', undefined, undefined],
    [` __Host-stele-task-${other} =mine`, undefined, undefined],
    ['=v', '=v', `stele-${key}-=v`],
    ['v', 'v', `stele-${key}-=v`],
  ] as const) {
    it(value, () => {
      assert.equal(cookieFromTask(value, ownJar), own);
      assert.equal(cookieFromTask(value, shared), inShared);
    });
  }

  it('come back under the name they were given', () => {
    for (const cookie of ['a=1', '__Host-s=x=y', '__Secure-q="1"', 'stele-x=2']) {
      const kept = cookieFromTask(`${cookie}; Path=/; Domain=x`, shared)?.split(';')[0] ?? '';
      assert.equal(cookiesForTask(`${kept}; z=1`, shared), cookie);
    }
  });

  it('without a name never pass for a cookie of the platform', () => {
    assert.equal(cookieFromTask('=__Host-stele-task=x', ownJar), undefined);
  });
});
