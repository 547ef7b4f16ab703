import assert from 'node:assert/strict';
import { formatReference, parseReference } from './reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('image references', () => {
  const rows = [
    ['debian', { registry: 'docker.io', image: 'library/debian' }],
    ['debian:12', { registry: 'docker.io', image: 'library/debian', tag: '12' }],
    ['jupyter/base-notebook:2025', { registry: 'docker.io', image: 'jupyter/base-notebook', tag: '2025' }],
    ['quay.io/a/b/c:1.0', { registry: 'quay.io', image: 'a/b/c', tag: '1.0' }],
    ['localhost/stele/jupyter:1', { registry: 'localhost', image: 'stele/jupyter', tag: '1' }],
    ['localhost:5000/x', { registry: 'localhost:5000', image: 'x' }],
    [`ghcr.io/a/b@${digest}`, { registry: 'ghcr.io', image: 'a/b', digest }],
    [`ghcr.io/a/b:1@${digest}`, { registry: 'ghcr.io', image: 'a/b', tag: '1', digest }],
  ] as const;
  for (const [text, reference] of rows) {
    it(`reads and writes ${text}`, () => {
      assert.deepEqual(parseReference(text), reference);
      assert.equal(formatReference(reference), text);
    });
  }

  it('reads what comes with a scheme, spaces, or Docker Hub’s own name', () => {
    assert.deepEqual(parseReference(' docker://docker.io/library/debian '), {
      registry: 'docker.io',
      image: 'library/debian',
    });
  });

  it('leaves nonsense to the server', () => {
    assert.deepEqual(parseReference(''), { registry: 'docker.io', image: '' });
    assert.deepEqual(parseReference('UPPER CASE'), { registry: 'docker.io', image: 'library/UPPER CASE' });
  });
});
