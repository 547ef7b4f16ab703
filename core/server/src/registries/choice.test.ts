import assert from 'node:assert/strict';
import type { AuthMode } from '@stele/sdk';
import type { Viewer } from '../accounts/index.ts';
import type { Owner } from '../model/index.ts';
import { type Candidate, chosen } from './choice.ts';

const platform: Owner = { kind: 'platform' };
const user = (id: string): Owner => ({ kind: 'user', id });
const group = (id: string): Owner => ({ kind: 'group', id });
const someone = (id: string, groups: readonly string[] = [], role: Viewer['role'] = 'standard'): Viewer => {
  return { id, username: id, role, groups: groups.map((one) => ({ id: one, role: 'member' })) };
};
const ada = someone('ada', ['stars']);
const root = someone('root', [], 'admin');
const all: Record<string, Candidate> = {
  platform: { owner: platform, shared: false },
  everyone: { owner: platform, shared: true },
  ada: { owner: user('ada'), shared: false },
  bob: { owner: user('bob'), shared: false },
  stars: { owner: group('stars'), shared: false },
  members: { owner: group('stars'), shared: true },
  rocks: { owner: group('rocks'), shared: true },
};
type Computing = { readonly owner: Owner; readonly auth: AuthMode };
const here: Computing = { owner: platform, auth: 'none' };

const find = (viewer: Viewer, software: Owner, there: string, computing: Computing): string | undefined => {
  const names = Object.keys(all).filter((one) => there.split(' ').includes(one));
  const candidates = names.map((one) => all[one] as Candidate);
  const found = chosen(viewer, { software, computing }, candidates);
  return names.find((one) => all[one] === found);
};

describe('credentials that a launch fetches its image with', () => {
  const rows: readonly (readonly [what: string, Viewer, Owner, there: string, chosen: string | undefined])[] = [
    ['the platform’s before one’s own, for its software', ada, platform, 'ada platform', 'platform'],
    ['the group’s before one’s own, for its software', ada, group('stars'), 'ada stars platform', 'stars'],
    ['one’s own for software of the platform without', ada, platform, 'ada bob stars', 'ada'],
    ['one’s own for software of the group without', ada, group('stars'), 'platform ada', 'ada'],
    ['one’s own for one’s own software', ada, user('ada'), 'platform stars ada bob', 'ada'],
    ['no other user’s', ada, user('ada'), 'bob', undefined],
    ['no other user’s for administrators', root, user('root'), 'bob ada', undefined],
    ['no group’s for one’s own software', ada, user('ada'), 'stars', undefined],
    ['no group’s for software of the platform', ada, platform, 'stars', undefined],
    ['no group’s for software of another group', ada, group('stars'), 'rocks', undefined],
    ['no group’s that one isn’t in', someone('eve'), group('stars'), 'stars members', undefined],
    ['no group’s that one isn’t in, for administrators', root, group('stars'), 'stars members', undefined],
    ['not the platform’s for one’s own software', ada, user('ada'), 'platform', undefined],
    ['not the platform’s for software of a group', ada, group('stars'), 'platform', undefined],
    ['the platform’s that are shared', ada, user('ada'), 'everyone', 'everyone'],
    ['the group’s that are shared, before those', ada, user('ada'), 'everyone members rocks', 'members'],
    ['one’s own before what is shared', ada, user('ada'), 'everyone members ada', 'ada'],
    ['the group’s for its software before what the platform shares', ada, group('stars'), 'everyone stars', 'stars'],
    ['none where there are none', ada, platform, '', undefined],
  ];
  for (const [what, viewer, software, there, name] of rows) {
    it(`are ${what}`, () => assert.equal(find(viewer, software, there, here), name));
  }

  /** Which of the platform's, of the group's, of the shared, and of one's own get there. */
  const places: readonly (readonly [what: string, Computing, found: readonly (string | undefined)[]])[] = [
    ['the platform’s own account', here, ['platform', 'stars', 'everyone', 'ada']],
    ['a key of the platform', { owner: platform, auth: 'platform-keys' }, ['platform', 'stars', 'everyone', 'ada']],
    ['the account of each user', { owner: platform, auth: 'user-keys' }, [undefined, undefined, 'everyone', 'ada']],
    ['the token of each user', { owner: platform, auth: 'user-token' }, [undefined, undefined, 'everyone', 'ada']],
    ['the group’s host', { owner: group('stars'), auth: 'platform-keys' }, [undefined, 'stars', 'everyone', 'ada']],
    ['another group’s host', { owner: group('rocks'), auth: 'none' }, [undefined, undefined, 'everyone', 'ada']],
    ['a host of the user’s own', { owner: user('ada'), auth: 'none' }, [undefined, undefined, 'everyone', 'ada']],
  ];
  for (const [what, computing, found] of places) {
    it(`go with ${what} only where nobody can read them who shall not`, () => {
      const softwares = [platform, group('stars'), platform, user('ada')];
      const there = ['platform', 'stars', 'everyone', 'ada'];
      assert.deepEqual(
        softwares.map((software, at) => find(ada, software, there[at] ?? '', computing)),
        found,
      );
    });
  }
});
