import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { type Database, Group, type Owner, ownerColumns, ownerOf, Software, User } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { type Action, decide, hasRole, mayGiveTo, queryFor, rightsOf, type Role, type Viewer } from './decide.ts';

const actions: readonly Action[] = ['see', 'use', 'change'];

describe('accounts: decide', () => {
  const platform: Owner = { kind: 'platform' };
  const mine: Owner = { kind: 'user', id: 'me' };
  const theirs: Owner = { kind: 'user', id: 'other' };
  const group = (id: string): Owner => ({ kind: 'group', id });
  const groups = [
    { id: 'in', role: 'member' },
    { id: 'manages', role: 'manager' },
  ] as const;

  // Columns: what standard and power users, then admins, may do: see, use, change.
  const table: readonly [string, Owner, string, string][] = [
    ['the platform’s', platform, 'see use', 'see use change'],
    ['one’s own', mine, 'see use change', 'see use change'],
    ['another user’s', theirs, '', 'see change'],
    ['a group’s that one is in', group('in'), 'see use', 'see use change'],
    ['a group’s that one manages', group('manages'), 'see use change', 'see use change'],
    ['a group’s that one is not in', group('out'), '', 'see change'],
    ['a group’s with the id of the user', group('me'), '', 'see change'],
    ['a user’s with the id of one’s group', { kind: 'user', id: 'in' }, '', 'see change'],
  ];
  for (const [what, owner, ordinary, admin] of table) {
    for (const role of ['standard', 'power', 'admin'] as const) {
      it(`lets ${role} users with what is ${what}: ${(role === 'admin' ? admin : ordinary) || 'nothing'}`, () => {
        const viewer: Viewer = { id: 'me', username: 'me', role, groups };
        const allowed = actions.filter((action) => decide(viewer, action, { owner })).join(' ');
        assert.equal(allowed, role === 'admin' ? admin : ordinary);
        const expected = { use: allowed.includes('use'), change: allowed.includes('change') };
        assert.deepEqual(rightsOf(viewer, { owner }), expected);
        assert.equal(mayGiveTo(viewer, owner), expected.change);
      });
    }
  }

  it('ranks roles', () => {
    const ranks: readonly Role[] = ['standard', 'power', 'admin'];
    for (const [have, role] of ranks.entries()) {
      for (const [want, wanted] of ranks.entries()) assert.equal(hasRole({ role }, wanted), have >= want);
    }
  });
});

describe('accounts: queryFor', () => {
  let database: Database;
  before(async () => void (database = await openTestDatabase())).timeout(60_000);
  after(() => database.close());

  it('finds exactly the rows for which decide says yes, on random data', async () => {
    const { users, groups } = await population(database);
    const owners: Owner[] = [
      { kind: 'platform' },
      ...users.map(({ id }): Owner => ({ kind: 'user', id })),
      ...groups.map(({ id }): Owner => ({ kind: 'group', id })),
    ];
    const em = database.em();
    for (let row = 0; row < 120; row += 1) {
      const owner = owners[randomInt(owners.length)]!;
      em.create(Software, { name: `s${row}`, image: 'x', port: 80, ...ownerColumns(owner) });
    }
    await em.flush();
    const all = await database.em().findAll(Software);
    for (let round = 0; round < 60; round += 1) {
      const viewer = randomViewer(users, groups);
      for (const action of actions) {
        const expected = all.filter((row) => decide(viewer, action, { owner: ownerOf(row) })).map(({ id }) => id);
        const found = await database.em().find(Software, queryFor(viewer, action));
        assert.deepEqual(found.map(({ id }) => id).toSorted(), expected.toSorted(), JSON.stringify({ viewer, action }));
      }
    }
  }).timeout(60_000);

  it('is what the database itself demands of owners', async () => {
    const { users, groups } = await population(database);
    const [user, group] = [users[0]!.id, groups[0]!.id];
    const wrong = [
      { ownerKind: 'platform', ownerUser: user },
      { ownerKind: 'platform', ownerGroup: group },
      { ownerKind: 'user' },
      { ownerKind: 'user', ownerUser: user, ownerGroup: group },
      { ownerKind: 'group', ownerUser: user },
    ] as const;
    for (const columns of wrong) {
      const em = database.em();
      em.create(Software, { name: 'x', image: 'x', port: 80, ...columns });
      await assert.rejects(em.flush(), /software_owner_check/, JSON.stringify(columns));
    }
  });
});

let populations = 0;

async function population(database: Database): Promise<{ users: User[]; groups: Group[] }> {
  const em = database.em();
  const mark = `p${(populations += 1)}`;
  const users = ['a', 'b', 'c', 'd', 'e'].map((letter) => {
    const name = `${mark}${letter}`;
    return em.create(User, { email: `${name}@example.org`, name, username: name });
  });
  const groups = ['w', 'x', 'y', 'z'].map((letter) => em.create(Group, { name: `${mark}${letter}` }));
  await em.flush();
  return { users, groups };
}

function randomViewer(users: readonly User[], groups: readonly Group[]): Viewer {
  const role = (['standard', 'power', 'admin'] as const)[randomInt(3)]!;
  const memberships = groups.flatMap(({ id }) => {
    const kind = ([undefined, 'member', 'manager'] as const)[randomInt(3)];
    return kind === undefined ? [] : [{ id, role: kind }];
  });
  const { id, username } = users[randomInt(users.length)]!;
  return { id, username, role, groups: memberships };
}
