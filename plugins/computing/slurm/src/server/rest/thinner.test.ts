import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { hasCode } from '@stele/sdk';
import type { Body } from './dialects/dialect.ts';
import { plain } from './dialects/plain.ts';
import { Thinner } from './thinner.ts';

function thin(text: string, step: number, marker = '"stele-'): string {
  const thinner = new Thinner({ list: 'jobs', marker });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += step) thinner.push(bytes.subarray(at, at + step));
  return thinner.text();
}

const ours = { name: 'stele-a', inner: { list: [{}, [], 'x]}'] } };
const theirs = { name: 'other', text: 'a "quoted\\" ] } text, naïve', inner: [{ a: [1] }] };
const errors = [{ error: 'jobs', list: [] }];

describe('a document without most of a list', () => {
  const cases: readonly (readonly [string, object, object])[] = [
    ['none is ours', { jobs: [theirs, theirs], errors }, { jobs: [], errors }],
    ['the first is', { jobs: [ours, theirs], errors }, { jobs: [ours], errors }],
    ['the last are', { errors, jobs: [theirs, ours, ours] }, { errors, jobs: [ours, ours] }],
    ['there is none', { meta: { jobs: [theirs] }, jobs: [], a: 1 }, { meta: { jobs: [theirs] }, jobs: [], a: 1 }],
    ['another list', { nodes: [theirs], jobs: null }, { nodes: [theirs], jobs: null }],
    ['a name as a value', { a: 'jobs', b: [theirs], jobs: [theirs] }, { a: 'jobs', b: [theirs], jobs: [] }],
  ];
  for (const [what, whole, rest] of cases) {
    it(`is the rest: ${what}`, () => {
      for (const text of [JSON.stringify(whole), JSON.stringify(whole, undefined, 2)]) {
        for (const step of [1, 2, 7, 64, 10_000]) assert.deepEqual(JSON.parse(thin(text, step)), rest);
      }
    });
  }

  it('is cut where the whole is cut', () => {
    const text = JSON.stringify({ jobs: [theirs, ours, theirs], errors });
    for (let length = 0; length < text.length; length += 1) {
      assert.throws(() => JSON.parse(thin(text.slice(0, length), 16)) as unknown, `cut at ${length}`);
    }
  });

  it('is what it was where it is something else', () => {
    for (const text of ['<html>[{"a"</html>', '', '[1,{"jobs":[{}]}]', 'jobs', '"jobs"'])
      assert.equal(thin(text, 3), text);
  });

  it('counts an object that never ends', () => {
    const thinner = new Thinner({ list: 'jobs', marker: 'x' });
    thinner.push(Buffer.from('{"jobs":[{"a":"'));
    const before = thinner.length;
    thinner.push(Buffer.alloc(1_000, 'a'));
    assert.equal(thinner.length, before + 1_000);
  });

  it('is refused where the list is none of objects', () => {
    for (const list of ['oh no', '"a"', '[1]', '{} oops', '{};{}', '1']) {
      const text = `{"errors":[],"jobs":[${list}]}`;
      const refused = () => plain.jobs(JSON.parse(thin(text, 5)) as Body);
      assert.throws(refused, (error) => error instanceof SyntaxError || hasCode(error, 'PROTOCOL'), list);
    }
  });

  it('is what slurmrestd said of our jobs', () => {
    for (const version of ['v0.0.38', 'v0.0.42']) {
      const text = readFileSync(new URL(`./recorded/${version}/jobs.json`, import.meta.url), 'utf8');
      assert.deepEqual(JSON.parse(thin(text, 4_096)), JSON.parse(text));
      assert.deepEqual((JSON.parse(thin(text, 4_096, 'nobody’s')) as { jobs: unknown }).jobs, []);
    }
  });
});
