import assert from 'node:assert/strict';
import type { BucketRequests } from './bucket.ts';
import { atPath } from './keys.ts';
import { Looks } from './looks.ts';

const never = new AbortController().signal;
const at = (path: string) => atPath('', path);

/** A bucket whose folders all hold the folder `sub`. */
function bucketOf(asked: string[], gate?: Promise<void>): BucketRequests {
  const list = async ({ Prefix = '' }: { readonly Prefix?: string }) => {
    asked.push(Prefix);
    await gate;
    return { CommonPrefixes: [{ Prefix: `${Prefix}sub/` }] };
  };
  return { list } as unknown as BucketRequests;
}

describe('looks into folders', () => {
  it('count for a short time', async () => {
    const asked: string[] = [];
    let now = 0;
    const looks = new Looks(() => now);
    for (now of [0, 9_999, 10_000]) {
      assert.deepEqual(await looks.foldersIn(bucketOf(asked), at('a'), never), new Set(['sub']));
    }
    await looks.foldersIn(bucketOf(asked), at('b'), never);
    assert.deepEqual(asked, ['a/', 'a/', 'b/']);
  });

  it('count no more after a change here, also those that are under way then', async () => {
    const asked: string[] = [];
    const looks = new Looks();
    const gate = Promise.withResolvers<void>();
    const look = looks.foldersIn(bucketOf(asked, gate.promise), at('a'), never);
    looks.forget();
    gate.resolve();
    await look;
    await looks.foldersIn(bucketOf(asked), at('a'), never);
    looks.forget();
    await looks.foldersIn(bucketOf(asked), at('a'), never);
    assert.equal(asked.length, 3);
  });

  it('are kept of few folders', async () => {
    const asked: string[] = [];
    const looks = new Looks();
    for (let index = 0; index < 40; index += 1) await looks.foldersIn(bucketOf(asked), at(`${index}`), never);
    for (const path of ['39', '0']) await looks.foldersIn(bucketOf(asked), at(path), never);
    assert.equal(asked.length, 41);
  });
});
