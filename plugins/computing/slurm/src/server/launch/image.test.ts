import assert from 'node:assert/strict';
import type { ContainerEngine, ContainerOperator, Host, ImageRef } from '@stele/sdk';
import { SteleError } from '@stele/sdk';
import { rejectsWith } from '@stele/sdk/testing';
import { fetchImage } from './image.ts';

const image: ImageRef = { registry: 'localhost', repository: 'a', tag: '1' };
const digest = `sha256:${'0'.repeat(64)}`;

/** A host whose engine has these images, by tag or by digest. */
function fetched(has: readonly string[], parts: Partial<ContainerOperator> = {}, wanted = image) {
  const there = new Set(has);
  const pulled: ImageRef[] = [];
  const operator: Partial<ContainerOperator> = {
    hasImage: async (one) => there.has(one.digest ?? one.tag ?? ''),
    pull: async (one) => void pulled.push(one),
    digest: async (one) => one.digest ?? digest,
    ...parts,
  };
  const engine = { operator: () => operator } as unknown as ContainerEngine;
  const signal = new AbortController().signal;
  const work = fetchImage({ launch: { image: wanted }, host: {} as Host, engine, progress: () => undefined, signal });
  return { work, pulled };
}

describe('the image of a task', () => {
  it('is fetched unless it is there', async () => {
    const absent = fetched([]);
    await absent.work;
    const there = fetched(['1']);
    await there.work;
    assert.deepEqual([absent.pulled, there.pulled], [[image], []]);
  });

  it('is run by its digest where the engine finds it by that', async () => {
    assert.deepEqual(await fetched(['1', digest]).work, { image: { ...image, digest }, digest });
    assert.deepEqual(await fetched(['1']).work, { image, digest });
    assert.deepEqual(await fetched(['1'], { digest: async () => undefined }).work, { image });
  });

  it('may be the nodes’ matter alone', async () => {
    const hasImage = () => Promise.reject(new SteleError('UNSUPPORTED', 'Not here.'));
    assert.deepEqual(await fetched([], { hasImage }).work, { image });
    const exact = { ...image, digest };
    assert.deepEqual(await fetched([], { hasImage }, exact).work, { image: exact, digest });
    const down = () => Promise.reject(new SteleError('UNREACHABLE', 'Not now.'));
    await rejectsWith('UNREACHABLE', fetched([], { hasImage: down }).work);
  });
});
