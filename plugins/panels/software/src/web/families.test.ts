import assert from 'node:assert/strict';
import type { Software } from '@stele/sdk/api';
import { familiesOf, isShown, ownerWord, versionOf } from './families.ts';

const software = (id: string, more: Partial<Software> = {}): Software =>
  ({
    id,
    name: 'Lab',
    description: '',
    registry: 'docker.io',
    image: 'a/lab',
    tag: 'latest',
    owner: { kind: 'platform' },
    ...more,
  }) as Software;

describe('families of software', () => {
  it('are made of the same name, registry and image, newest version first', () => {
    const families = familiesOf([
      software('9', { tag: '9.1' }),
      software('x', { name: 'Else' }),
      software('10', { tag: '10.0' }),
      software('l'),
    ]);
    assert.deepEqual(
      families.map((family) => [family.name, family.members.map((one) => one.id)]),
      [
        ['Else', ['x']],
        ['Lab', ['l', '10', '9']],
      ],
    );
  });

  it('keep owners apart', () => {
    const mine = software('m', { owner: { kind: 'user', id: 'u' } });
    assert.equal(familiesOf([software('p'), mine]).length, 2);
  });

  it('name a version by tag, digest and architecture', () => {
    assert.equal(versionOf(software('a', { tag: '1', architecture: 'arm64' })), '1 · arm64');
    assert.equal(versionOf(software('a', { digest: `sha256:${'b'.repeat(64)}` })), 'latest (bbbbbbbb)');
  });

  it('are found by words and by owner', () => {
    assert.ok(isShown(software('a'), 'LAB a/', 'all'));
    assert.ok(!isShown(software('a'), '', 'mine'));
    assert.ok(!isShown(software('a'), 'rstudio', 'platform'));
  });

  it('say whose they are', () => {
    assert.equal(ownerWord({ kind: 'user', id: 'u' }, { id: 'u' }), 'Mine');
    assert.equal(ownerWord({ kind: 'user', id: 'v', name: 'Bo' }, { id: 'u' }), 'Bo');
    assert.equal(ownerWord({ kind: 'group', id: 'g', name: 'Pulsars' }, { id: 'u' }), 'Pulsars');
    assert.equal(ownerWord({ kind: 'platform' }, { id: 'u' }), 'Platform');
  });
});
