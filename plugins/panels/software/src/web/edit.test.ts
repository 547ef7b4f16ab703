import assert from 'node:assert/strict';
import type { Me, ResourceKinds, Software } from '@stele/sdk/api';
import { ApiProblem } from '@stele/sdk/web';
import { draftOf, problemOfForm, softwareForm, softwareFrom } from './edit.ts';

const me = {
  id: 'u',
  role: 'standard',
  groups: [
    { id: 'g', name: 'Pulsars', role: 'manager' },
    { id: 'h', name: 'Others', role: 'member' },
  ],
} as unknown as Me;
const kinds = {
  protocols: [
    { id: 'http', title: 'Web application', exposure: 'proxied', needsPowerUser: false },
    { id: 'ssh', title: 'SSH', exposure: 'tunnelled', needsPowerUser: true },
  ],
} as unknown as ResourceKinds;

const choices = (who: Me, key: string): string[] => {
  const { properties } = softwareForm(who, kinds, true) as {
    properties: Record<string, { oneOf: { const: string }[] }>;
  };
  return properties[key]?.oneOf.map((choice) => choice.const) ?? [];
};

describe('form of a software', () => {
  it('offers what the user may choose', () => {
    assert.deepEqual(choices(me, 'owner'), ['user', 'group:g']);
    assert.deepEqual(choices({ ...me, role: 'admin' }, 'owner'), ['user', 'group:g', 'platform']);
    assert.deepEqual(choices(me, 'protocol'), ['http']);
    assert.deepEqual(choices({ ...me, role: 'power' }, 'protocol'), ['http', 'ssh']);
  });

  it('sends the parts of the image and the owner', () => {
    assert.deepEqual(softwareFrom({ name: 'x', image: 'quay.io/a/b:1', owner: 'group:g', port: 80 }, me), {
      name: 'x',
      port: 80,
      registry: 'quay.io',
      image: 'a/b',
      tag: '1',
      owner: { kind: 'group', id: 'g' },
    });
  });

  it('starts with what is there, and no owner', () => {
    const software = {
      name: 'x',
      registry: 'docker.io',
      image: 'a/b',
      tag: '1',
      port: 80,
      env: {},
      owner: { kind: 'platform' },
    };
    const draft = draftOf(software as unknown as Software);
    assert.equal(draft['image'], 'a/b:1');
    assert.ok(!('owner' in draft));
  });

  it('puts the server’s words about a tag beside the image', () => {
    const problem = new ApiProblem({ status: 400, code: 'INVALID', detail: 'No.', field: 'tag' });
    assert.equal((problemOfForm(problem) as ApiProblem).field, 'image');
    assert.equal((problemOfForm(problem) as ApiProblem).message, 'No.');
    const other = new Error('x');
    assert.equal(problemOfForm(other), other);
  });
});
