import assert from 'node:assert/strict';
import type { AuthOption, Group, IdentityItem, Me, UserItem } from '@stele/sdk/api';
import type { ApiClient, Problem } from '../e2e/lib/index.ts';
import type { Guest } from './lib/guest.ts';
import { OidcStage } from './lib/stage.ts';

const person = (name: string, more: object = {}) => ({
  email: `${name}@example.org`,
  email_verified: true,
  name: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
  ...more,
});

const accounts = {
  ada: person('ada', { preferred_username: 'Ada@institute', groups: ['astro', 'unnamed', 'ops'] }),
  'ada-2': person('ada.two', { preferred_username: 'ada' }),
  root: person('toor', { preferred_username: 'root' }),
  grace: person('grace'),
  eve: person('eve'),
  lise: person('lise'),
  unverified: { email: 'maria@example.org', email_verified: false },
  word: { email: 'maria@example.org', email_verified: 'true' },
  nobody: {},
};

const settings = {
  allow: { everybody: true },
  groups: { names: { astro: 'Astronomers' } },
  roles: { power: ['astro'], admin: ['ops'] },
};

const password = 'a long enough sentence';

describe('log-in with OpenID Connect', function () {
  this.timeout(60_000);
  let stage: OidcStage;
  let admin: ApiClient;

  before(async () => {
    stage = await OidcStage.open(accounts, settings);
    admin = await stage.logIn();
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const said = ({ status, body }: { status: number; body: unknown }): string => `${status} ${JSON.stringify(body)}`;
  const enter = async (account: string, provider = 'institute', guest = stage.guest()): Promise<Guest> => {
    const answer = await guest.logIn(provider, account);
    assert.equal(answer.status, 200, said(answer));
    return guest;
  };
  const meOf = async (guest: Guest): Promise<Me> => guest.api.must<Me>('GET', '/me');
  const makeUser = (email: string): Promise<UserItem> => {
    return admin.must<UserItem>('POST', '/users', { email, name: email, password });
  };

  it('is offered beside the password', async () => {
    const options = await stage.guest().api.items<AuthOption>('/auth');
    const shown = options.map(({ id, kind, trouble }) => `${id}: ${kind}, ${trouble}`);
    assert.deepEqual(shown.toSorted(), [
      'institute: redirect, undefined',
      'local: form, undefined',
      'other: redirect, undefined',
    ]);
  });

  it('asks with code, S256, state, nonce and the exact address', async () => {
    const query = new URL(await stage.guest().begin('institute')).searchParams;
    assert.equal(query.get('response_type'), 'code');
    assert.equal(query.get('code_challenge_method'), 'S256');
    assert.equal(query.get('redirect_uri'), `${stage.platform.url}/login/institute`);
    for (const name of ['state', 'nonce', 'code_challenge']) assert.match(query.get(name) ?? '', /^[\w-]{43}$/, name);
  });

  it('brings a user at the first log-in, and knows them again', async () => {
    const me = await meOf(await enter('ada'));
    assert.deepEqual(
      [me.email, me.name, me.username, me.provider, me.hasPassword, me.keepsPassword],
      ['ada@example.org', 'Ada', 'ada', 'institute', false, false],
    );
    assert.equal((await meOf(await enter('ada'))).id, me.id);
  });

  it('never gives a name that somebody has, or that hosts keep for themselves', async () => {
    assert.equal((await meOf(await enter('ada-2'))).username, 'ada-2');
    assert.equal((await meOf(await enter('root'))).username, 'root-2');
  });

  it('takes nobody in whose address is not verified, be it verified in words', async () => {
    for (const account of ['unverified', 'word', 'nobody']) {
      const answer = await stage.guest().logIn('institute', account);
      assert.equal(answer.status, 403, said(answer));
      assert.match(answer.body.detail, /did not confirm an e-mail address/);
    }
    assert(!(await admin.items<UserItem>('/users')).some(({ email }) => email.startsWith('maria')));
  });

  it('keeps disabled users out', async () => {
    const me = await meOf(await enter('eve'));
    await admin.must('PATCH', `/users/${me.id}`, { isDisabled: true });
    assert.equal((await stage.guest().logIn('institute', 'eve')).status, 403);
    await admin.must('PATCH', `/users/${me.id}`, { isDisabled: false });
    await enter('eve');
  });

  describe('groups and roles', () => {
    it('follow the claims, and leave alone what was made by hand', async () => {
      const byHand = await admin.must<Group>('POST', '/groups', { name: 'By hand' });
      const guest = await enter('ada');
      const { id, groups, role } = await meOf(guest);
      assert.deepEqual(
        groups.map(({ name }) => name),
        ['Astronomers'],
      );
      assert.equal(role, 'admin');
      await admin.must('PUT', `/groups/${byHand.id}/members/${id}`, { role: 'member' });
      await stage.institute.stop();
      await stage.institute.start({ accounts: { ...accounts, ada: { ...accounts.ada, groups: ['astro'] } } });
      await enter('ada');
      assert.equal((await meOf(guest)).role, 'power', 'also where they were logged in');
      await stage.institute.stop();
      await stage.institute.start({ accounts: { ...accounts, ada: { ...accounts.ada, groups: [] } } });
      const after = await meOf(await enter('ada'));
      assert.deepEqual([after.role, after.groups.map(({ name }) => name)], ['standard', ['By hand']]);
      await stage.institute.stop();
      await stage.institute.start({ accounts });
    });

    it('never join a group of the same name that somebody made by hand', async () => {
      const [made] = (await admin.items<Group>('/groups')).filter(({ name }) => name === 'Astronomers');
      await admin.must('PATCH', `/groups/${made?.id}`, { name: 'Renamed' });
      const taken = await admin.must<Group>('POST', '/groups', { name: 'Astronomers' });
      await enter('ada');
      const other = stage.guest();
      assert.equal((await other.logIn('other', 'ada')).status, 409, 'who came from a provider keeps to it');
      const groups = await admin.items<Group>('/groups');
      assert.deepEqual(groups.map(({ name, provider }) => `${name}: ${provider ?? 'by hand'}`).toSorted(), [
        'Astronomers: by hand',
        'By hand: by hand',
        'Renamed: institute',
      ]);
      assert.deepEqual(groups.find(({ id }) => id === taken.id)?.members, []);
      assert.deepEqual(
        groups.find(({ id }) => id === made?.id)?.members.map(({ name }) => name),
        ['Ada'],
      );
    });
  });

  describe('an account that was made here', () => {
    it('has no provider, and lets in whoever knows its password, however the address is written', async () => {
      const user = await makeUser('Emmy@Example.org');
      assert.deepEqual([user.email, user.provider], ['emmy@example.org', undefined]);
      const guest = stage.guest();
      assert.equal((await guest.byPassword(' EMMY@example.ORG ', password)).status, 200);
      const me = await meOf(guest);
      assert.deepEqual([me.id, me.provider, me.hasPassword], [user.id, undefined, true]);
      await admin.must('PATCH', `/users/${user.id}`, { isDisabled: true });
      assert.equal((await stage.guest().byPassword('emmy@example.org', password)).status, 403);
    });

    it('has no way in but a one-time link until its password is set', async () => {
      const email = 'sophie@example.org';
      const user = await admin.must<UserItem>('POST', '/users', { email, name: 'Sophie' });
      const { url } = await admin.must<{ url: string }>('POST', `/users/${user.id}/link`);
      assert.equal((await stage.guest().byPassword(email, password)).status, 403);
      const guest = stage.guest();
      const entered = await guest.byLink(url);
      assert.equal(entered.status, 200, said(entered));
      assert.deepEqual([entered.body.user.hasPassword, entered.body.user.keepsPassword], [false, true]);
      assert.deepEqual(await guest.api.items('/me/identities'), []);
      const refused = await guest.call<Problem>('PUT', '/me/password', { password: 'aaaaaaaaaaaaaa' });
      assert.deepEqual([refused.status, refused.body.field], [400, 'password'], said(refused));
      assert.equal((await stage.guest().byPassword(email, 'aaaaaaaaaaaaaa')).status, 403);
      await guest.call('PUT', '/me/password', { password });
      assert.equal((await stage.guest().byPassword(email, password)).body.user.id, user.id);
      await admin.must('DELETE', `/users/${user.id}/password`);
      assert.equal((await stage.guest().byPassword(email, password)).status, 403);
    });
  });

  describe('an account that is there already', () => {
    it('is linked when its owner logs in to it, and then known by both', async () => {
      const user = await makeUser('grace@example.org');
      const guest = stage.guest();
      const first = await guest.logIn('institute', 'grace');
      assert.deepEqual([first.status, first.body.code], [409, 'ACCOUNT_EXISTS'], said(first));
      assert.match(first.body.detail, /grace@example\.org.*Log in to it.*The institute/);
      assert.equal((await guest.call('POST', '/me/identities/confirm')).status, 401, 'nobody is logged in yet');
      assert.equal((await guest.byPassword('grace@example.org', password)).status, 200);
      assert.equal((await guest.call('POST', '/me/identities/confirm')).status, 200);
      assert.equal((await meOf(await enter('grace'))).id, user.id);
      const again = stage.guest();
      assert.equal((await again.byPassword('grace@example.org', password)).body.user.id, user.id);
    });

    it('is not linked without its owner’s word, nor by it twice', async () => {
      await makeUser('lise@example.org');
      const guest = stage.guest();
      assert.equal((await guest.logIn('institute', 'lise')).status, 409);
      await guest.byPassword('lise@example.org', password);
      assert.equal((await stage.guest().logIn('institute', 'lise')).status, 409, 'a log-in alone links nothing');
      assert.equal((await guest.call('POST', '/me/identities/confirm')).status, 200);
      assert.equal((await guest.call('POST', '/me/identities/confirm')).status, 404, 'nothing waits any more');
    });

    it('is not linked by whoever logs in to another', async () => {
      await makeUser('victim@example.org');
      const guest = stage.guest();
      assert.equal((await guest.logIn('other', 'lise')).status, 409);
      await guest.byPassword('victim@example.org', password);
      const answer = await guest.call<Problem>('POST', '/me/identities/confirm');
      assert.equal(answer.status, 403, said(answer));
      assert.match(answer.body.detail, /has not confirmed the e-mail address that your account has/);
      assert.equal((await stage.guest().logIn('other', 'lise')).status, 409);
    });

    it('is not linked by another browser than the one that was at the provider', async () => {
      const theirs = stage.guest();
      assert.equal((await theirs.logIn('other', 'lise')).status, 409);
      const guest = stage.guest();
      await guest.byPassword('lise@example.org', password);
      assert.equal((await guest.call('POST', '/me/identities/confirm')).status, 404);
    });

    it('is linked from the account page, and lets go again', async () => {
      const guest = stage.guest();
      await guest.byPassword('lise@example.org', password);
      const { body } = await guest.call<{ url: string }>('POST', '/me/identities', { provider: 'other' });
      const answer = await guest.bring('other', await guest.fetchAnswer('other', 'lise', body.url));
      assert.deepEqual([answer.status, answer.body.linked], [200, 'other'], said(answer));
      const { id } = await meOf(guest);
      const [byOther, byInstitute] = [await enter('lise', 'other'), await enter('lise')];
      for (const one of [byOther, byInstitute]) assert.equal((await meOf(one)).id, id);
      const items = await guest.api.items<IdentityItem>('/me/identities');
      const shown = items.map(({ provider, isLinked }) => [provider, isLinked]);
      assert.deepEqual(shown, [
        ['local', false],
        ['institute', true],
        ['other', true],
      ]);
      const own = items.find(({ isLinked }) => !isLinked);
      assert.equal((await guest.call('DELETE', `/me/identities/${own?.id}`)).status, 409);
      const linked = items.find(({ provider }) => provider === 'other');
      assert.equal((await stage.guest().call('DELETE', `/me/identities/${linked?.id}`)).status, 401);
      assert.equal((await guest.call('DELETE', `/me/identities/${linked?.id}`)).status, 204);
      assert.equal((await stage.guest().logIn('other', 'lise')).status, 409);
      assert.equal((await byOther.call('GET', '/me')).status, 401, 'a session that began at the provider ends');
      for (const one of [guest, byInstitute]) assert.equal((await meOf(one)).id, id, 'others go on');
    });

    it('is not linked from the account page with an identity of another address or of another user', async () => {
      const guest = stage.guest();
      await guest.byPassword('victim@example.org', password);
      for (const [account, status] of [
        ['nobody', 403],
        ['lise', 403],
        ['word', 403],
      ] as const) {
        const { body } = await guest.call<{ url: string }>('POST', '/me/identities', { provider: 'institute' });
        guest.browser.forget();
        const answer = await guest.bring('institute', await guest.fetchAnswer('institute', account, body.url));
        assert.equal(answer.status, status, `${account}: ${said(answer)}`);
      }
    });

    it('is not linked when the session has changed on the way', async () => {
      const guest = stage.guest();
      await guest.byPassword('lise@example.org', password);
      const { body } = await guest.call<{ url: string }>('POST', '/me/identities', { provider: 'other' });
      const brought = await guest.fetchAnswer('other', 'lise', body.url);
      await guest.byPassword('victim@example.org', password);
      assert.equal((await guest.bring('other', brought)).status, 403);
    });

    it('keeps to its provider when it came from one', async () => {
      const answer = await stage.guest().logIn('other', 'ada');
      assert.equal(answer.status, 409);
      assert.match(answer.body.detail, /came with another way to log in, and keeps to it/);
      const guest = await enter('ada');
      const begun = await guest.call<{ url: string }>('POST', '/me/identities', { provider: 'other' });
      const linked = await guest.bring('other', await guest.fetchAnswer('other', 'ada', begun.body.url));
      assert.equal(linked.status, 409, said(linked));
      const set = await guest.call<Problem>('PUT', '/me/password', { password });
      assert.equal(set.status, 422, said(set));
    });

    it('is not changed by a token', async () => {
      const guest = stage.guest();
      await guest.byPassword('lise@example.org', password);
      const made = await guest.api.must<{ secret: string }>('POST', '/tokens', { name: 'x', scope: 'write' });
      const { ApiClient: Client } = await import('../e2e/lib/index.ts');
      const program = Client.byToken(stage.platform.url, made.secret);
      assert.equal((await program.post('/me/identities', { provider: 'other' })).status, 403);
      assert.equal((await program.post('/me/identities/confirm')).status, 403);
    });
  });
});
