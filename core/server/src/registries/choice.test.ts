import assert from 'node:assert/strict';
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
const all: Record<string, Candidate> = {
  platform: { owner: platform, forEveryone: false },
  everyone: { owner: platform, forEveryone: true },
  ada: { owner: user('ada'), forEveryone: false },
  bob: { owner: user('bob'), forEveryone: false },
  stars: { owner: group('stars'), forEveryone: false },
  rocks: { owner: group('rocks'), forEveryone: false },
};

describe('credentials that a launch fetches its image with', () => {
  const rows: readonly (readonly [what: string, Viewer, Owner, there: string, chosen: string | undefined])[] = [
    ['of the platform before one’s own, for its software', ada, platform, 'ada platform', 'platform'],
    ['of the group before one’s own, for its software', ada, group('stars'), 'ada stars platform', 'stars'],
    ['one’s own for software of the platform without', ada, platform, 'ada bob stars', 'ada'],
    ['one’s own for software of the group without', ada, group('stars'), 'platform ada', 'ada'],
    ['one’s own for one’s own software', ada, user('ada'), 'platform stars ada bob', 'ada'],
    ['no other user’s', ada, user('ada'), 'bob', undefined],
    ['no other user’s for administrators', someone('root', [], 'admin'), user('root'), 'bob ada', undefined],
    ['no group’s for one’s own software', ada, user('ada'), 'stars', undefined],
    ['no group’s for software of the platform', ada, platform, 'stars', undefined],
    ['no group’s for software of another group', ada, group('stars'), 'rocks', undefined],
    ['no group’s that one isn’t in', someone('eve'), group('stars'), 'stars', undefined],
    [
      'no group’s that one isn’t in, for administrators',
      someone('root', [], 'admin'),
      group('stars'),
      'stars',
      undefined,
    ],
    ['not the platform’s for one’s own software', ada, user('ada'), 'platform', undefined],
    ['not the platform’s for software of a group', ada, group('stars'), 'platform', undefined],
    ['the platform’s that are for everyone', ada, user('ada'), 'everyone', 'everyone'],
    ['one’s own before what is for everyone', ada, user('ada'), 'everyone ada', 'ada'],
    ['the group’s before what is for everyone', ada, group('stars'), 'everyone stars', 'stars'],
    ['none where there are none', ada, platform, '', undefined],
  ];
  for (const [what, viewer, software, there, name] of rows) {
    it(`are ${what}`, () => {
      const candidates = Object.keys(all).filter((one) => there.split(' ').includes(one));
      const found = chosen(
        viewer,
        software,
        candidates.map((one) => all[one] as Candidate),
      );
      assert.equal(
        candidates.find((one) => all[one] === found),
        name,
      );
    });
  }
});
