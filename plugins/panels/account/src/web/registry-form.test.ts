import assert from 'node:assert/strict';
import type { Me, Owner, RegistryItem } from '@stele/sdk/api';
import { newRegistry, registryForm, registryPatch, registryStart, useOf } from './registry-form.ts';

const me = (role: Me['role']): Me => {
  const groups = [
    { id: 'g1', name: 'Stars', role: 'manager' },
    { id: 'g2', name: 'Rocks', role: 'member' },
  ];
  return { id: 'u1', role, groups } as Me;
};
const item = (owner: Owner, shared = false): RegistryItem => {
  const rights = { use: true, change: true };
  return { id: 'r1', registry: 'r.example', username: 'ada', shared, owner, rights, updatedAt: '' };
};
const own: Owner = { kind: 'user', id: 'u1' };
const stars: Owner = { kind: 'group', id: 'g1', name: 'Stars' };
const platform: Owner = { kind: 'platform' };
const choices = (schema: object): { const: string; title: string }[] => {
  const { properties } = schema as { properties: { use?: { oneOf: { const: string; title: string }[] } } };
  return properties.use?.oneOf ?? [];
};
const titles = (schema: object): string[] => choices(schema).map(({ title }) => title);
const ours = ['The platform’s software', 'Whatever anybody launches'];
const theirs = ['Software of Stars', 'Whatever members of Stars launch'];

describe('form of credentials for a registry', () => {
  it('offers what they are for: oneself, groups that one manages, and to administrators the platform', () => {
    assert.deepEqual(titles(registryForm(me('standard'), undefined)), ['What I launch', ...theirs]);
    assert.deepEqual(titles(registryForm({ ...me('standard'), groups: [] }, undefined)), []);
    const all = titles(registryForm(me('admin'), undefined));
    assert.deepEqual([all.slice(0, 3), all.slice(-2), all.length], [['What I launch', ...theirs], ours, 7]);
  });

  it('sends what each choice stands for', () => {
    const entered = { registry: ' r.example ', username: 'ada', password: 'p' };
    const sent = choices(registryForm({ ...me('admin'), groups: me('admin').groups.slice(0, 1) }, undefined)).map(
      ({ const: use }) => newRegistry({ ...entered, use }),
    );
    const group = { kind: 'group', id: 'g1' };
    const owners = [own, group, group, platform, platform];
    assert.deepEqual(
      sent.map(({ owner, shared }) => [owner, shared]),
      owners.map((owner, at) => [owner, at === 2 || at === 4]),
    );
    assert.deepEqual(newRegistry({ ...entered, ...registryStart(me('standard'), undefined) }), {
      ...{ registry: 'r.example', username: 'ada', password: 'p', owner: own, shared: false },
    });
  });

  it('replaces what was entered, at the same registry and for the same owner', () => {
    const mine = item(own);
    const form = registryForm(me('admin'), mine) as { properties: object };
    assert.deepEqual(Object.keys(form.properties), ['username', 'password']);
    assert.deepEqual(registryPatch({ ...registryStart(me('admin'), mine), username: 'eve' }), {
      username: 'eve',
      shared: false,
    });
    assert.deepEqual(titles(registryForm(me('admin'), item(platform, true))), ours);
    const [first, second] = choices(registryForm(me('admin'), item(platform, true)));
    assert.equal(registryStart(me('admin'), item(platform, true))['use'], second?.const);
    const sent = registryPatch({ username: 'ada', password: 'p', use: first?.const });
    assert.deepEqual(sent, { username: 'ada', password: 'p', shared: false });
    assert.deepEqual(titles(registryForm(me('standard'), item(stars))), theirs);
  });

  it('says what they are used for', () => {
    const uses = [item(own), item(stars), item(stars, true), item(platform), item(platform, true)];
    assert.deepEqual(uses.map(useOf), ['What I launch', ...theirs, ...ours]);
  });
});
