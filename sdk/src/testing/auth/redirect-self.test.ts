import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { AuthBegin, AuthCall, AuthProvider, ExternalIdentity } from '../../auth.ts';
import { SteleError } from '../../errors.ts';
import type { JsonObject } from '../../json.ts';
import { collect, failures } from '../collect.ts';
import type { Runner } from '../runner.ts';
import { type AuthProviderSubject, describeAuthProvider } from './index.ts';

type Fault =
  | 'takes an answer twice'
  | 'asks nobody whose answer it is'
  | 'does not bind the answer to the log-in'
  | 'has a reference that can be guessed'
  | 'has a reference that never comes back'
  | 'takes the first of several values'
  | 'quotes what it refuses'
  | 'gives its cause away'
  | 'lets in who has left'
  | 'keeps what it can’t log out with'
  | 'calls itself otherwise each time'
  | 'is in trouble all the time';

const caught: Record<Fault, RegExp> = {
  'takes an answer twice': /used, changed/,
  'asks nobody whose answer it is': /used, changed/,
  'does not bind the answer to the log-in': /under one’s own reference/,
  'has a reference that can be guessed': /nobody guesses/,
  'has a reference that never comes back': /nobody guesses/,
  'takes the first of several values': /something twice/,
  'quotes what it refuses': /says nothing of an answer/,
  'gives its cause away': /says nothing of an answer/,
  'lets in who has left': /who has left/,
  'keeps what it can’t log out with': /logs out there/,
  'calls itself otherwise each time': /each time as the same/,
  'is in trouble all the time': /in no trouble/,
};

/** A provider elsewhere that knows Ada, in memory: a code for each log-in, good once. */
class Elsewhere {
  readonly #codes = new Map<string, string>();

  /** As the browser: the answer's query. */
  follow(url: string): JsonObject {
    const query = new URL(url).searchParams;
    const code = randomBytes(16).toString('hex');
    this.#codes.set(code, query.get('challenge') ?? '');
    return { code, state: query.get('state') ?? '' };
  }

  redeem(code: string, challenge: string | undefined, isOnce: boolean): boolean {
    const known = this.#codes.get(code);
    if (isOnce) this.#codes.delete(code);
    return known !== undefined && (challenge === undefined || known === challenge);
  }
}

class MemoryRedirect implements AuthProvider {
  readonly title = 'Elsewhere';
  readonly kind = 'redirect';
  readonly bringsUsers = true;
  readonly logout: AuthProvider['logout'];
  readonly #elsewhere: Elsewhere;
  readonly #fault: Fault | undefined;
  #count = 0;

  constructor(elsewhere: Elsewhere, fault?: Fault) {
    this.#elsewhere = elsewhere;
    this.#fault = fault;
    if (fault !== 'keeps what it can’t log out with') this.logout = () => Promise.resolve('https://x.org/out');
  }

  trouble(): Promise<string | undefined> {
    return Promise.resolve(this.#fault === 'is in trouble all the time' ? 'It rains.' : undefined);
  }

  begin(): Promise<AuthBegin> {
    const state = this.#fault === 'has a reference that can be guessed' ? 'begun' : randomBytes(16).toString('hex');
    const challenge = randomBytes(16).toString('hex');
    const reference = this.#fault === 'has a reference that never comes back' ? randomBytes(16).toString('hex') : state;
    const url = `https://x.org/?state=${state}&challenge=${challenge}`;
    return Promise.resolve({ kind: 'redirect', url, reference, state: { state, challenge } });
  }

  async complete(input: JsonObject, kept: JsonObject, call: AuthCall): Promise<ExternalIdentity> {
    if (call.signal.aborted && this.#fault !== 'lets in who has left') throw new SteleError('UNREACHABLE', 'Gone.');
    const code = this.#text(input['code']);
    const state = this.#text(input['state']);
    if (this.#fault !== 'asks nobody whose answer it is' && state !== kept['state']) throw this.#refused(input);
    const isOnce = this.#fault !== 'takes an answer twice';
    const challenge =
      this.#fault === 'does not bind the answer to the log-in' ? undefined : (kept['challenge'] as string);
    const isRight = this.#fault === 'asks nobody whose answer it is' || this.#elsewhere.redeem(code, challenge, isOnce);
    if (!isRight) throw this.#refused(input);
    this.#count += 1;
    const issuer = this.#fault === 'calls itself otherwise each time' ? `${this.#count}` : 'https://x.org';
    return { issuer, subject: 'ada', emailVerified: false, groups: [], kept: { token: 'x' } };
  }

  #text(value: unknown): string {
    if (this.#fault === 'takes the first of several values' && Array.isArray(value)) return String(value[0]);
    return typeof value === 'string' ? value : '';
  }

  #refused(input: JsonObject): SteleError {
    if (this.#fault === 'quotes what it refuses') return new SteleError('DENIED', `No: ${JSON.stringify(input)}`);
    const cause = new Error('outer', { cause: new Error(JSON.stringify(input)) });
    return new SteleError('DENIED', 'No.', this.#fault === 'gives its cause away' ? { cause } : {});
  }
}

function subject(fault?: Fault): AuthProviderSubject {
  const elsewhere = new Elsewhere();
  const provider = new MemoryRedirect(elsewhere, fault);
  return {
    title: 'memory',
    open: () => Promise.resolve(provider),
    redirect: { subject: 'ada', follow: (url) => Promise.resolve(elsewhere.follow(url)) },
  };
}

describe('kit of auth providers that redirect', () => {
  it('finds nothing wrong with a provider that keeps the contract', async () => {
    const results = await collect((runner) => describeAuthProvider(runner, subject()));
    assert(results.length >= 10, `${results.length} tests`);
    assert.deepEqual(failures(results), []);
  });

  for (const [fault, test] of Object.entries(caught)) {
    it(`catches a provider that ${fault}`, async () => {
      const kit = (runner: Runner) => describeAuthProvider(runner, subject(fault as Fault));
      assert.notDeepEqual(failures(await collect(kit, { only: test })), []);
    });
  }
});
