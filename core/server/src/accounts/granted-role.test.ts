import assert from 'node:assert/strict';
import { type RoleState, roleAfter } from './granted-role.ts';

const byOne = (role: RoleState['role'], ownRole: RoleState['role']): RoleState => ({
  role,
  roleProvider: 'one',
  ownRole,
});

describe('role after a provider’s word', () => {
  const table: readonly [string, RoleState, RoleState['role'] | undefined, RoleState][] = [
    ['nothing said: stays', { role: 'power' }, undefined, { role: 'power' }],
    ['more than one has: given', { role: 'power' }, 'admin', byOne('admin', 'power')],
    ['less than one has: stays', { role: 'admin' }, 'power', { role: 'admin' }],
    ['as much: stays one’s own', { role: 'admin' }, 'admin', { role: 'admin' }],
    ['said again: stays given', byOne('admin', 'power'), 'admin', byOne('admin', 'power')],
    ['no longer said: taken back', byOne('admin', 'power'), undefined, { role: 'power' }],
    ['less said: less given', byOne('admin', 'standard'), 'power', byOne('power', 'standard')],
  ];
  for (const [what, before, granted, after] of table) {
    it(what, () => assert.deepEqual(roleAfter(before, 'one', granted), after));
  }

  it('is no other provider’s matter', () => {
    const before = byOne('admin', 'standard');
    for (const granted of [undefined, 'power', 'admin'] as const) {
      assert.deepEqual(roleAfter(before, 'two', granted), before);
    }
  });
});
