import assert from 'node:assert/strict';
import type { Me, RegistryItem } from '@stele/sdk/api';
import { newRegistry, registryForm, registryPatch, registryStart, useOf } from './registry-form.ts';

const me = (role: Me['role']): Me => {
  const groups = [
    { id: 'g1', name: 'Stars', role: 'manager' },
    { id: 'g2', name: 'Rocks', role: 'member' },
  ];
  return { id: 'u1', role, groups } as Me;
};
const item = (owner: RegistryItem['owner'], forEveryone = false): RegistryItem => {
  const rights = { use: true, change: true };
  return { id: 'r1', registry: 'r.example', username: 'ada', forEveryone, owner, rights, updatedAt: '' };
};
const choices = (schema: object): string[] => {
  const { properties } = schema as { properties: { use?: { oneOf: { const: string }[] } } };
  return properties.use?.oneOf.map((choice) => choice.const) ?? [];
};
const entered = { registry: ' r.example ', username: 'ada', password: 'p' };

describe('form of credentials for a registry', () => {
  it('offers whom they are for: oneself, groups that one manages, and to administrators the platform', () => {
    assert.deepEqual(choices(registryForm(me('standard'), undefined)), ['user', 'group:g1']);
    assert.deepEqual(choices(registryForm({ ...me('standard'), groups: [] }, undefined)), []);
    const all = ['user', 'group:g1', 'group:g2', 'platform', 'everyone'];
    assert.deepEqual(choices(registryForm(me('admin'), undefined)), all);
  });

  const rows = [
    ['user', { kind: 'user', id: 'u1' }, undefined],
    ['group:g1', { kind: 'group', id: 'g1' }, undefined],
    ['platform', { kind: 'platform' }, undefined],
    ['everyone', { kind: 'platform' }, true],
    [undefined, { kind: 'user', id: 'u1' }, undefined],
  ] as const;
  for (const [use, owner, forEveryone] of rows) {
    it(`sends those for ${use ?? 'nothing chosen'}`, () => {
      const sent = newRegistry({ ...entered, ...(use ? { use } : {}) }, me('admin'));
      const { registry, username, password } = sent;
      assert.deepEqual([registry, username, password], ['r.example', 'ada', 'p']);
      assert.deepEqual([sent.owner, sent.forEveryone], [owner, forEveryone]);
      assert(!('use' in sent));
    });
  }

  it('replaces what was entered, at the same registry and for the same owner', () => {
    const own = item({ kind: 'user', id: 'u1' });
    assert.deepEqual(Object.keys((registryForm(me('admin'), own) as { properties: object }).properties), [
      'username',
      'password',
    ]);
    assert.deepEqual(registryStart(own), { username: 'ada', use: 'user' });
    assert.deepEqual(registryPatch({ ...registryStart(own), username: 'eve' }, own), { username: 'eve' });
    const platforms = item({ kind: 'platform' }, true);
    assert.equal(registryStart(platforms)['use'], 'everyone');
    const sent = registryPatch({ username: 'ada', password: 'p', use: 'platform' }, platforms);
    assert.deepEqual(sent, { username: 'ada', password: 'p', forEveryone: false });
  });

  it('says what they are used for', () => {
    const owners = [
      { kind: 'user', id: 'u1' },
      { kind: 'group', id: 'g1', name: 'Stars' },
      { kind: 'platform' },
    ] as const;
    assert.deepEqual(
      owners.map((owner) => useOf(item(owner))),
      ['What I launch', 'Software of Stars', 'The platform’s software'],
    );
    assert.equal(useOf(item({ kind: 'platform' }, true)), 'Everyone’s software');
  });
});
