import assert from 'node:assert/strict';
import { registryDigest } from './digest.ts';

const a = `sha256:${'a'.repeat(64)}`;
const b = `sha256:${'b'.repeat(64)}`;

const rows: readonly (readonly [string, string, string, string | undefined])[] = [
  ['localhost', 'stele/tiny', '[]', undefined],
  ['localhost', 'stele/tiny', 'null', undefined],
  ['127.0.0.1:15000', 'web-echo', `["127.0.0.1:15000/web-echo@${a}"]`, a],
  ['b.example', 'x', `["a.example/x@${a}","b.example/x@${b}"]`, b],
  ['c.example', 'x', `["a.example/x@${a}","b.example/x@${b}"]`, a],
  ['docker.io', 'library/debian', `["a.example/debian@${a}","debian@${b}"]`, b],
  ['docker.io', 'some/one', `["a.example/one@${a}","some/one@${b}"]`, b],
  ['a.example', 'x', '["a.example/x@sha256:short"]', undefined],
];

describe('the digest in a registry', () => {
  for (const [registry, repository, printed, digest] of rows) {
    it(`of ${registry}/${repository} in ${printed.slice(0, 40)}`, () => {
      assert.equal(registryDigest({ registry, repository, tag: '1' }, printed), digest);
    });
  }
});
