import assert from 'node:assert/strict';
import type { AuthOption, Me } from '@stele/sdk/api';
import type { Problem } from '../e2e/lib/index.ts';
import type { SiteFile } from '../../core/server/src/site/index.ts';
import { OidcStage } from './lib/stage.ts';

const accounts = { ada: { email: 'ada@example.org', email_verified: true } };
const institute = {
  id: 'institute',
  answer: /“The institute” does not answer at the moment\. Try again later, or log in another way\./,
};

describe('a provider that fails', function () {
  this.timeout(60_000);
  let stage: OidcStage;

  before(async () => void (stage = await OidcStage.open(accounts)));
  after(() => stage?.[Symbol.asyncDispose]());

  const optionOf = async (id: string): Promise<AuthOption | undefined> =>
    (await stage.guest().api.items<AuthOption>('/auth')).find((option) => option.id === id);
  const status = async (provider: string): Promise<number> => (await stage.guest().logIn(provider, 'ada')).status;

  it('is told apart from the others when it is down at the start, which it does not keep from starting', async () => {
    await stage.institute.stop();
    await stage.platform.stop();
    await stage.platform.start();
    const options = await stage.guest().api.items<AuthOption>('/auth');
    assert.match(options.find(({ id }) => id === institute.id)?.trouble ?? '', institute.answer);
    for (const id of ['local', 'other'])
      assert.equal(options.find((option) => option.id === id)?.trouble, undefined, id);
    const begun = await stage.guest().call<Problem>('POST', '/auth/institute');
    assert.equal(begun.status, 503);
    assert.match(begun.body.detail, institute.answer);
    assert.equal(await status('other'), 200);
    assert.equal((await (await stage.logIn()).get('/me')).status, 200);
  });

  it('is found again when it is back, without a restart', async () => {
    await stage.institute.start();
    await stage.guest().begin('institute');
    assert.equal((await optionOf('institute'))?.trouble, undefined);
  });

  it('goes away while somebody is there: who comes back is told so, and can begin again', async () => {
    const guest = stage.guest();
    // The account came with the other house, which keeps it.
    const answer = await guest.fetchAnswer('institute', 'ada');
    await stage.institute.stop();
    const brought = await guest.bring('institute', answer);
    assert.equal(brought.status, 503, JSON.stringify(brought.body));
    assert.match(brought.body.detail, institute.answer);
    await stage.institute.start();
  });

  it('may change its keys: the next token is believed at once', async () => {
    assert.equal(await status('other'), 200);
    await stage.other.stop();
    await stage.other.start();
    assert.equal(await status('other'), 200);
  });

  for (const [what, clockOffset, tokenLife, expected] of [
    ['20 s fast', 20, 3600, 200],
    ['two minutes fast', 120, 3600, 403],
    ['20 s slow', -20, 10, 200],
    ['two minutes slow', -120, 10, 403],
  ] as const) {
    it(`may have a clock that is ${what}: ${expected}`, async () => {
      await stage.other.stop();
      await stage.other.start({ clockOffset, tokenLife });
      assert.equal(await status('other'), expected);
    });
  }

  it('no longer knows this site’s secret: a sentence, and the reason in the log', async () => {
    await stage.other.stop();
    await stage.other.start({ clockOffset: 0, tokenLife: 3600 });
    const guest = stage.guest();
    const answer = await guest.fetchAnswer('other', 'ada');
    await stage.other.stop();
    await stage.other.start();
    // A code of the one before.
    const brought = await guest.bring('other', answer);
    assert.equal(brought.status, 403);
    assert.match(brought.body.detail, /What “Another house” answered can’t be accepted/);
    assert.match(stage.platform.said, /Another house, why: OAUTH_RESPONSE_BODY_ERROR, invalid_grant/);
  });

  it('logs out there as well', async () => {
    const guest = stage.guest();
    await guest.logIn('other', 'ada');
    const { status: code, body } = await guest.call<{ url: string }>('DELETE', '/session');
    assert.equal(code, 200);
    const url = new URL(body.url);
    assert.equal(url.origin, stage.other.issuer);
    assert.equal(url.searchParams.get('post_logout_redirect_uri'), `${stage.platform.url}/`);
    assert.match(url.searchParams.get('id_token_hint') ?? '', /^eyJ/);
    const asked = await guest.browser.fetch(url);
    assert.equal(asked.status, 200, await asked.text());
    assert.equal((await guest.api.get('/me')).status, 401);
  });

  it('logs out here, though it is away or has no log-out of its own', async () => {
    const guest = stage.guest();
    await guest.logIn('other', 'ada');
    await stage.other.stop();
    assert.equal((await guest.call('DELETE', '/session')).status, 200);
    assert.equal((await guest.api.get('/me')).status, 401);
    await stage.other.start({ logsOut: false });
    await stage.platform.stop();
    await stage.platform.start();
    const again = stage.guest();
    await again.logIn('other', 'ada');
    const { body } = await again.call<{ url?: string }>('DELETE', '/session');
    assert.deepEqual(body, {});
  });
});

describe('a site without log-in by password', function () {
  this.timeout(60_000);
  let stage: OidcStage;

  before(async () => {
    const off = { 'auth-local': { locked: { enabled: false } } } as SiteFile['plugins'];
    stage = await OidcStage.open(accounts, { allow: { everybody: true } }, off);
  });
  after(() => stage?.[Symbol.asyncDispose]());

  it('lets nobody in by one', async () => {
    const options = await stage.guest().api.items<AuthOption>('/auth');
    assert.deepEqual(options.map(({ id }) => id).toSorted(), ['institute', 'other']);
    const answer = await stage.guest().byPassword('ada@example.org', 'a long enough sentence');
    assert.equal(answer.status, 422);
  });

  it('lets in through its provider, and the administrator by a one-time link', async () => {
    const guest = stage.guest();
    assert.equal((await guest.logIn('institute', 'ada')).status, 200);
    const admin = await stage.logIn();
    const me = await admin.must<Me>('GET', '/me');
    assert.deepEqual([me.role, me.keepsPassword], ['admin', false]);
    assert.equal((await admin.call('PUT', '/me/password', { password: 'a long enough sentence' })).status, 422);
    assert.equal((await admin.post('/plugins/auth-local/enable')).status, 409, 'it is locked by the site');
  });
});
