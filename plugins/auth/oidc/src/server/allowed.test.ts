import assert from 'node:assert/strict';
import { isAllowed } from './allowed.ts';

const guest = { subject: 's1', groups: ['staff'], email: 'ada@example.org', emailVerified: true };

describe('who is let in', () => {
  const table: readonly [string, Parameters<typeof isAllowed>[0], Partial<typeof guest>, boolean][] = [
    ['everybody', { everybody: true }, { email: 'x@y.z' }, true],
    ['nobody, where no list has a name', { emailDomains: [], groups: [], subjects: [] }, {}, false],
    ['nobody, where nothing is said', {}, {}, false],
    ['a domain', { emailDomains: ['example.org'] }, {}, true],
    ['a domain, in any case', { emailDomains: ['EXAMPLE.Org'] }, { email: 'ada@exAmple.ORG' }, true],
    ['a domain in other letters', { emailDomains: ['müller.de'] }, { email: 'a@xn--mller-kva.de' }, true],
    ['no domain that is not verified', { emailDomains: ['example.org'] }, { emailVerified: false }, false],
    ['no domain below', { emailDomains: ['example.org'] }, { email: 'a@sub.example.org' }, false],
    ['no domain that ends alike', { emailDomains: ['example.org'] }, { email: 'a@evilexample.org' }, false],
    ['no domain that begins alike', { emailDomains: ['example.org'] }, { email: 'a@example.org.evil' }, false],
    ['no domain before the last @', { emailDomains: ['example.org'] }, { email: 'a@example.org@evil.example' }, false],
    ['no domain that is none', { emailDomains: ['exa mple'] }, { email: 'a@exa mple' }, false],
    ['a group', { groups: ['staff'] }, {}, true],
    ['no group that is written otherwise', { groups: ['Staff'] }, {}, false],
    ['a subject', { subjects: ['s1'] }, {}, true],
    ['no subject that is a group', { subjects: ['staff'] }, {}, false],
    ['who is on one of several lists', { subjects: ['x'], groups: ['staff'], emailDomains: ['y'] }, {}, true],
  ];
  for (const [what, allow, more, expected] of table) {
    it(`${what}`, () => assert.equal(isAllowed(allow, { ...guest, ...more }), expected));
  }
});
