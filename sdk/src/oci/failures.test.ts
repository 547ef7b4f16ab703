import assert from 'node:assert/strict';
import { hasCode, SteleError } from '../errors.ts';
import { demandRegistry, ofImage } from './failures.ts';

describe('a fetch that failed', () => {
  it('is about the image where nobody knows what it means', () => {
    const failure = ofImage(new SteleError('PROTOCOL', 'It said “x”.', { raw: 'x' }));
    assert.deepEqual(
      [failure.code, failure.field, failure.message, failure.raw],
      ['PROTOCOL', 'image', 'It said “x”.', 'x'],
    );
    const disk = new SteleError('LIMIT', 'The disk is full.');
    assert.equal(ofImage(disk), disk);
  });
});

describe('an image that no registry has', () => {
  for (const registry of ['localhost', 'LOCALHOST']) {
    it(`is called ${registry}/…, and looked for nowhere`, () => {
      assert.throws(
        () => demandRegistry({ registry, repository: 'a', tag: '1' }, 'Any could not fetch the image'),
        (error) => hasCode(error, 'NOT_FOUND') && error.field === 'image' && error.message.startsWith('Any could not'),
      );
    });
  }

  for (const registry of ['localhost:5000', 'localhost:443', 'localhost.example', 'docker.io'])
    it(`is not of ${registry}`, () => demandRegistry({ registry, repository: 'a', tag: '1' }, 'x'));
});
