import assert from 'node:assert/strict';
import type { JsonObject } from '@stele/sdk';
import type { SessionInfo } from '@stele/sdk/api';
import type { Answer, Problem } from '../e2e/lib/index.ts';
import { Rows } from '../security/lib/rows.ts';
import type { Guest } from './lib/guest.ts';
import type { BroughtBack } from './lib/scripted-browser.ts';
import { OidcStage } from './lib/stage.ts';

const person = (name: string) => ({ email: `${name}@example.org`, email_verified: true, name });
const accounts = { ada: person('ada'), eve: person('eve') };

const byNumber = (one: number, two: number): number => one - two;

describe('attacks on log-in with OpenID Connect', function () {
  this.timeout(60_000);
  let stage: OidcStage;
  /** Whatever must not be in a log. */
  const secrets: string[] = [];

  before(async () => {
    stage = await OidcStage.open(accounts);
    secrets.push(stage.secret);
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const answerOf = async (guest: Guest, account = 'ada', provider = 'institute'): Promise<BroughtBack> => {
    const answer = await guest.fetchAnswer(provider, account);
    secrets.push(answer['code'] ?? '', answer['state'] ?? '');
    return answer;
  };
  const refused = ({ status, body }: Answer<Problem>, words: RegExp): void => {
    assert.equal(status, 403, JSON.stringify(body));
    assert.match(body.detail, words);
  };
  const notHere = /not begun in this browser, or too long ago/;

  it('an answer in another browser than the one that began (log-in CSRF)', async () => {
    const eve = stage.guest();
    const planted = await answerOf(eve, 'eve');
    const victim = stage.guest();
    refused(await victim.bring('institute', planted), notHere);
    await victim.begin('institute');
    refused(await victim.bring('institute', planted), notHere);
    assert.equal((await eve.bring('institute', planted)).status, 200, 'it is the browser that makes the difference');
  });

  it('an answer that was used', async () => {
    const guest = stage.guest();
    const answer = await answerOf(guest);
    assert.equal((await guest.bring('institute', answer)).status, 200);
    refused(await guest.bring('institute', answer), notHere);
  });

  it('an answer that is brought many times at once', async () => {
    const guest = stage.guest();
    const answer = await answerOf(guest);
    const all = await Promise.all(
      Array.from({ length: 8 }, () => guest.call('POST', '/session', { provider: 'institute', answer })),
    );
    assert.deepEqual(all.map(({ status }) => status).toSorted(byNumber), [
      200,
      ...Array.from({ length: 7 }, () => 403),
    ]);
  });

  it('a replayed code under a state of one’s own', async () => {
    const eve = stage.guest();
    const stolen = await answerOf(stage.guest(), 'ada');
    const own = await answerOf(eve, 'eve');
    refused(await eve.bring('institute', { ...own, code: stolen['code'] ?? '' }), /can’t be accepted/);
  });

  it('an answer of one provider brought as another’s (mix-up)', async () => {
    const guest = stage.guest();
    const answer = await answerOf(guest);
    refused(await guest.bring('other', answer), notHere);
    const again = await answerOf(guest);
    refused(await guest.bring('institute', { ...again, iss: stage.other.issuer }), /can’t be accepted/);
    const { iss: _, ...without } = await answerOf(guest);
    refused(await guest.bring('institute', without), /can’t be accepted/);
  });

  it('an answer that says no', async () => {
    const guest = stage.guest();
    const { searchParams } = new URL(await guest.begin('institute'));
    const state = searchParams.get('state') ?? '';
    const description = '<script>alert(1)</script> call 555-1234';
    const answer = await guest.bring('institute', { error: 'access_denied', error_description: description, state });
    refused(answer, /did not let you in, or you broke off/);
    assert(!answer.body.detail.includes('555'), 'nobody writes into our page');
  });

  it('answers that are no answers', async () => {
    const guest = stage.guest();
    const state = new URL(await guest.begin('institute')).searchParams.get('state') ?? '';
    const bad: readonly JsonObject[] = [
      {},
      { code: 'x' },
      { state: 'x', code: 'y' },
      { state },
      { state: '', code: '' },
      { code: state },
    ];
    for (const answer of bad)
      assert.equal((await guest.bring('institute', answer)).status, 403, JSON.stringify(answer));
    for (const answer of [[], 'x', 7, null, { state: 7 }, { state: ['a', 'b'] }, { x: 'x'.repeat(9000) }]) {
      const { status } = await guest.call('POST', '/session', { provider: 'institute', answer });
      assert.equal(status, answer === 'x' ? 422 : 400, JSON.stringify(answer)?.slice(0, 80));
    }
  });

  it('a provider that there is not, or that has a form', async () => {
    for (const provider of ['none', 'local', '__proto__', '..', '%2e%2e']) {
      const { status, body } = await stage.guest().call<Problem>('POST', `/auth/${provider}`);
      assert([404, 422].includes(status), `${provider}: ${status} ${JSON.stringify(body)}`);
    }
    const { status } = await stage.guest().bring('local', { email: 'ada@example.org', password: 'x' });
    assert.equal(status, 422);
  });

  it('another site that makes a browser begin, or bring an answer', async () => {
    const guest = stage.guest();
    const answer = await answerOf(guest);
    const { api } = guest;
    const foreign: readonly Record<string, string>[] = [
      { 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'https://evil.example' },
    ];
    for (const headers of foreign) {
      const json = { 'Content-Type': 'application/json', ...headers };
      const begun = await api.fetch('/auth/institute', { method: 'POST', headers });
      assert.equal(begun.status, 403);
      const body = JSON.stringify({ provider: 'institute', answer });
      assert.equal((await api.fetch('/session', { method: 'POST', headers: json, body })).status, 403);
    }
    for (const path of ['/auth/institute', '/session']) assert.notEqual((await api.fetch(path)).status, 200, 'by GET');
    assert.equal((await guest.bring('institute', answer)).status, 200);
  });

  it('two tabs at once: both come in', async () => {
    const guest = stage.guest();
    const [one, two] = [await guest.begin('institute'), await guest.begin('institute')];
    const first = await guest.fetchAnswer('institute', 'ada', one);
    const second = await guest.fetchAnswer('institute', 'ada', two);
    assert.equal((await guest.bring('institute', second)).status, 200);
    const late = await guest.bring('institute', first);
    assert.equal(late.status, 200, JSON.stringify(late.body));
  });

  it('a session that the browser had before: it ends', async () => {
    const guest = stage.guest();
    await guest.logIn('institute', 'eve');
    const { api: before } = guest;
    guest.browser.forget();
    assert.equal((await guest.logIn('institute', 'ada')).status, 200);
    assert.equal((await before.get('/me')).status, 401);
  });

  it('cookies are the host’s own, out of reach of scripts, and of other sites', async () => {
    const guest = stage.guest();
    const answer = await guest.api.fetch('/auth/institute', { method: 'POST' });
    const [line = ''] = answer.headers.getSetCookie();
    assert.match(line, /^__Host-stele-browser=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
  });

  it('the page with an answer in its address leads nowhere, and tells nobody', async () => {
    const query = '?code=x&state=y&next=//evil.example&redirect_uri=https://evil.example';
    const answer = await fetch(`${stage.platform.url}/login/institute${query}`, {
      redirect: 'manual',
      headers: { Accept: 'text/html' },
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
    assert.doesNotMatch(await answer.text(), /evil\.example/);
  });

  it('leaves no code, state, token or secret in the log, or in clear in the database', async () => {
    const guest = stage.guest();
    const { body } = (await guest.logIn('institute', 'ada')) as Answer<SessionInfo & Problem>;
    secrets.push(body.csrf, ...guest.cookies.values());
    await guest.begin('institute');
    await using rows = await Rows.open(stage.platform.yard.data);
    const stored = await rows.text();
    assert.match(stored, /browser_states: .*\n/, 'something is on its way');
    assert.match(stored, /sessions: .*"kept": "v1:/, 'something is kept for the log-out');
    const out = await guest.call<{ url: string }>('DELETE', '/session');
    secrets.push(new URL(out.body.url).searchParams.get('id_token_hint') ?? '');
    for (const secret of secrets) assert(!stored.includes(secret), 'in the database');
    const { said } = stage.platform;
    assert.match(said, /A log-in was refused/, 'there is a log');
    assert.match(said, /An OpenID log-in failed/);
    assert(secrets.length > 10 && secrets.every((secret) => secret.length >= 32));
    for (const secret of secrets)
      assert(!said.includes(secret), `…${said.slice(said.indexOf(secret) - 120, said.indexOf(secret))}`);
    assert.doesNotMatch(said, /eyJ|code=|state=|id_token/);
  });
});
