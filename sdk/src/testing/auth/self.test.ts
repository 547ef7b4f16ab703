import assert from 'node:assert/strict';
import { scryptSync, timingSafeEqual } from 'node:crypto';
import type { AuthBegin, AuthCall, AuthCredentials, AuthProvider, ExternalIdentity } from '../../auth.ts';
import { SteleError } from '../../errors.ts';
import type { JsonObject } from '../../json.ts';
import { collect, failures } from '../collect.ts';
import type { Runner } from '../runner.ts';
import { type AuthProviderSubject, describeAuthProvider } from './index.ts';

type Fault =
  | 'names unknown users'
  | 'is quicker for unknown users'
  | 'lets everybody in'
  | 'falls over a missing field'
  | 'lets in who has left'
  | 'tells nothing of groups'
  | 'keeps the old secret'
  | 'forgets only once'
  | 'takes any secret'
  | 'blames no field'
  | 'begins otherwise than it says'
  | 'is case-blind about secrets'
  | 'takes every form for the same account'
  | 'takes anything for a proof'
  | 'gives addresses out itself'
  | 'names accounts its own way';

const caught: Record<Fault, RegExp> = {
  'names unknown users': /in the same words/,
  'is quicker for unknown users': /takes as long/,
  'lets everybody in': /in the same words/,
  'falls over a missing field': /not filled in/,
  'lets in who has left': /who has left/,
  'tells nothing of groups': /right secret/,
  'keeps the old secret': /newest secret/,
  'forgets only once': /set, replaced and forgotten/,
  'takes any secret': /refuse three letters/,
  'blames no field': /refuse three letters/,
  'begins otherwise than it says': /begins accordingly/,
  'is case-blind about secrets': /newest secret/,
  'takes every form for the same account': /whom a form is about/,
  'takes anything for a proof': /proved by the newest/,
  'gives addresses out itself': /made here by their address/,
  'names accounts its own way': /made here by their address/,
};

function hash(secret: string): Buffer {
  return scryptSync(secret, 'salt', 32);
}

/** Log-in by name and secret, in memory. */
class MemoryAuth implements AuthProvider, AuthCredentials {
  readonly title = 'Memory';
  readonly kind = 'form';
  readonly bringsUsers = false;
  readonly fields = { type: 'object' };
  readonly credentials: AuthCredentials = this;
  readonly #secrets = new Map<string, readonly Buffer[]>();
  readonly #fault: Fault | undefined;

  constructor(fault?: Fault) {
    this.#fault = fault;
  }

  accountOf({ name }: JsonObject): string | undefined {
    if (this.#fault === 'takes every form for the same account') return 'somebody';
    return typeof name === 'string' ? name : undefined;
  }

  async begin(): Promise<AuthBegin> {
    if (this.#fault === 'begins otherwise than it says') {
      return { kind: 'redirect', url: 'https://x.org', reference: 'x', state: {} };
    }
    return { kind: 'form' };
  }

  async complete(input: JsonObject, _state: JsonObject, call: AuthCall): Promise<ExternalIdentity> {
    const { name, secret } = input;
    if (this.#fault === 'falls over a missing field') assert(String((secret as string).length));
    if (typeof name !== 'string' || typeof secret !== 'string') throw new SteleError('INVALID', 'Fill it in.');
    if (call.signal.aborted && this.#fault !== 'lets in who has left') throw new SteleError('UNREACHABLE', 'Gone.');
    const known = this.#secrets.get(name);
    if (known === undefined && this.#fault === 'names unknown users')
      throw new SteleError('DENIED', `No ${name} here.`);
    if (known === undefined && this.#fault === 'is quicker for unknown users') throw wrong();
    const given = hash(this.#fault === 'is case-blind about secrets' ? secret.toLowerCase() : secret);
    const isRight = (known ?? []).some((stored) => timingSafeEqual(stored, given));
    if (!isRight && this.#fault !== 'lets everybody in') throw wrong();
    const identity = { subject: name, emailVerified: false, groups: [] };
    if (this.#fault === 'gives addresses out itself') return { ...identity, issuer: 'memory' };
    if (this.#fault === 'names accounts its own way') return { ...identity, subject: name.replace(/@.*/, '') };
    return this.#fault === 'tells nothing of groups' ? ({ ...identity, groups: undefined } as never) : identity;
  }

  async has(subject: string): Promise<boolean> {
    return this.#secrets.has(subject);
  }

  async set(subject: string, { secret }: JsonObject): Promise<void> {
    const isFine = typeof secret === 'string' && (secret.length > 3 || this.#fault === 'takes any secret');
    const details = this.#fault === 'blames no field' ? {} : { field: 'secret' };
    if (!isFine) throw new SteleError('INVALID', 'Too short.', details);
    const kept = this.#fault === 'keeps the old secret' ? (this.#secrets.get(subject) ?? []) : [];
    const stored = this.#fault === 'is case-blind about secrets' ? secret.toLowerCase() : secret;
    this.#secrets.set(subject, [...kept, hash(stored)]);
  }

  async proves(subject: string, { secret }: JsonObject): Promise<boolean> {
    if (this.#fault === 'takes anything for a proof') return this.#secrets.has(subject);
    const given = hash(typeof secret === 'string' ? secret : '');
    return (this.#secrets.get(subject) ?? []).some((stored) => timingSafeEqual(stored, given));
  }

  async remove(subject: string): Promise<void> {
    if (!this.#secrets.delete(subject) && this.#fault === 'forgets only once') throw new Error('nothing to forget');
  }
}

function wrong(): SteleError {
  return new SteleError('DENIED', 'These don’t match.');
}

function subject(fault?: Fault): AuthProviderSubject {
  return {
    title: 'memory',
    open: async () => {
      const auth = new MemoryAuth(fault);
      await auth.set('ada', { secret: 'right' });
      return auth;
    },
    form: {
      right: { name: 'ada', secret: 'right' },
      subject: 'ada',
      wrong: { name: 'ada', secret: 'wrong' },
      unknown: { name: 'nobody', secret: 'right' },
    },
    credentials: {
      subject: 'grace',
      values: [{ secret: 'Something' }, { secret: 'sOMETHING' }],
      refused: [{ what: 'three letters', values: { secret: 'abc' }, field: 'secret' }],
      login: (name, values) => ({ name, ...values }),
    },
  };
}

describe('kit of auth providers', function () {
  this.timeout(90_000);

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
