import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { type DirectDialService, hasCode, type Observation, SteleError, type TaskHandle } from '@stele/sdk';
import { rejectsWith } from '@stele/sdk/testing';
import { judge } from '../observe/judge.ts';
import type { Job } from '../job.ts';
import { signToken } from '../rest/tokens.ts';
import { readAccount } from './account.ts';
import { callFacts, checkCalls } from './check.ts';
import { parcelOf } from './parcel.ts';
import { callingScript } from './script.ts';
import { lastLines, logOf, newIn, recordOf, statusOf } from './told.ts';
import { warned } from './warned.ts';
import { whereIs } from './where.ts';

const key = 'abcdefghij012345';
const secretKey = randomBytes(32);
const now = 1_800_000_000;
const tokenOf = (user: string, lifespan = 600): string => signToken(secretKey, user, now, lifespan);

describe('who asks Slurm where nobody logs in', () => {
  const clock = (): number => now;

  it('is whose token it is', () => {
    const { user, tokens } = readAccount({ token: ` ${tokenOf('bob')}\n` }, undefined, true, clock);
    assert.deepEqual([user, tokens.of(user)], ['bob', tokenOf('bob')]);
    assert.equal(tokens.endsAt, new Date((now + 600) * 1000).toISOString());
  });

  it('is the account that is named, where the token serves all', () => {
    assert.equal(readAccount({ token: tokenOf('slurm'), user: 'bob' }, undefined, false, clock).user, 'bob');
  });

  it('is signed for by the cluster’s key, for the platform alone', () => {
    const restKey = secretKey.toString('base64');
    const signed = readAccount({ user: 'stele' }, restKey, false, clock);
    assert.deepEqual([signed.tokens.of('stele'), signed.tokens.endsAt], [tokenOf('stele'), undefined]);
    assert.equal(readAccount({ token: tokenOf('bob', 60) }, restKey, true, clock).tokens.of('bob'), tokenOf('bob', 60));
    assert.throws(() => readAccount({ user: 'root' }, restKey, true, clock), { code: 'INVALID' });
    assert.throws(() => readAccount({}, restKey, false, clock), { field: 'credentials.user' });
  });

  it('is told where to enter another token when one has ended', () => {
    const { tokens } = readAccount({ token: tokenOf('bob', -1) }, undefined, true, clock);
    assert.throws(
      () => tokens.of('bob'),
      (error) => hasCode(error, 'DENIED') && /ended at .*Account → Credentials/.test(error.message),
    );
  });

  for (const token of ['', 'secret-word', `a.${Buffer.from('{}').toString('base64url')}.c`]) {
    it(`is nobody by “${token.slice(0, 12)}”, which isn’t repeated`, () => {
      assert.throws(
        () => readAccount({ token }, undefined, true),
        (error) => hasCode(error, 'INVALID') && !inspect(error).includes('secret-word'),
      );
    });
  }
});

describe('what a task that calls is handed', () => {
  it('has each file line by line', () => {
    assert.equal(
      parcelOf({ command: '/bin/sh\n-c\n', stdin: 'two\nlines', env: '', settings: '.\n=x\n' }),
      '=command\n /bin/sh\n -c\n=stdin\n two\n-lines\n=env\n=settings\n .\n =x\n.\n',
    );
  });
});

describe('the script of a job that calls', () => {
  const parts = {
    place: { url: 'https://stele.example.org/api/v1/callbacks/x', ticket: 't1cket' },
    agent: {
      text: '#!/bin/sh\ncat "$1/callback" "$1/ca"; ls -ld "$1" "$1/callback" | cut -c1-10; rm -r "$1"\n',
      version: '1',
    },
    ca: 'PEM\r\nPEM\r\n',
  };

  it('makes a folder for its account alone, and leads the agent there', () => {
    const said = execFileSync('sh', [], { input: callingScript(parts), encoding: 'utf8' });
    const callback = `url=${parts.place.url}\nticket=t1cket\ntemporary=yes\n`;
    assert.equal(said, `${callback}PEM\nPEM\ndrwx------\n-rw-------\n`);
  });

  it('shows the ticket in no argument', () => {
    const lines = callingScript(parts)
      .split('\n')
      .filter((line) => line.includes('t1cket'));
    assert.deepEqual(lines, ['ticket=t1cket']);
  });

  it('ends where no folder can be made', () => {
    const input = callingScript({ ...parts, sandbox: '/nowhere' }).replace('/tmp /var/tmp', '/nowhere');
    const env = { PATH: process.env['PATH'] ?? '', TMPDIR: '/nowhere' };
    assert.throws(() => execFileSync('sh', [], { input, env, stdio: 'pipe' }), { status: 73 });
  });
});

describe('what a task told', () => {
  const text = 'version=1\nphase=running\nnode=node1\nport=20000\nheartbeat=5\n\none\n\ntwo\n';

  it('is its record, whose heart beats by the platform’s clock, and its log', () => {
    const told = { step: 3, text, heardAt: '2027-01-15T08:00:00.000Z' };
    assert.deepEqual(statusOf(told), { phase: 'running', node: 'node1', port: 20_000, heartbeat: 1_800_000_000 });
    assert.equal(logOf(told), 'one\n\ntwo\n');
    assert.equal(statusOf({ text: '' }), undefined);
    assert.deepEqual(recordOf({ text: '' }), { folder: 'there', isTold: true });
    assert.deepEqual(recordOf(undefined), { folder: 'gone', isTold: true });
  });

  it('is followed without repeating what was shown', () => {
    assert.equal(newIn('a\n', 'a\nb\n'), 'b\n');
    const earlier = `${'x'.repeat(300)}end`;
    assert.equal(newIn(earlier, `${earlier.slice(10)}more`), 'more');
    assert.equal(newIn('a\n', 'z\n'), '\n[some is missing here]\nz\n');
    const counts: readonly (readonly [number | undefined, string])[] = [
      [undefined, 'a\nb\n'],
      [1, 'b\n'],
      [5, 'a\nb\n'],
      [0, ''],
    ];
    for (const [count, expected] of counts) assert.equal(lastLines('a\nb\n', count), expected);
  });

  const job: Job = { id: '7', key, state: 'RUNNING', reason: 'None', uid: '1', nodes: ['node1'], restarts: 0 };
  const seen = (state: string, code: number, told?: string): Observation =>
    judge({
      queue: { ...job, state, exit: { code, signal: 0 } },
      accounting: 'none',
      record: recordOf({ text: told ?? '' }),
    });
  const reasonIn = (one: Observation): string => ('reason' in one ? (one.reason ?? '') : '');

  it('is waited for, and not needed', () => {
    assert.deepEqual(seen('RUNNING', 0).phase, 'starting');
    assert.match(reasonIn(seen('RUNNING', 0)), /first call .* on node1/);
    assert.deepEqual(seen('RUNNING', 0, text).phase, 'running');
    const ended = seen('FAILED', 9, text);
    assert.deepEqual([ended.phase, 'exitCode' in ended ? ended.exitCode : undefined], ['ended', 9]);
  });

  for (const [code, words] of [
    [69, /never reached the platform/],
    [76, /doesn’t believe the platform’s certificate/],
    [72, /curl or wget/],
    [73, /No folder/],
    [77, /refused the first call/],
    [5, /exit code 5/],
  ] as const) {
    it(`is nothing for a job that ended with ${code}, which says why`, () => {
      assert.match(reasonIn(seen('FAILED', code)), words);
    });
  }

  it('says for itself why it ended with such a code', () => {
    assert.match(reasonIn(seen('FAILED', 77, text.replace('running', 'ended\nexit=77'))), /exit code 77/);
  });
});

describe('a resource without a login node', () => {
  const conf = { restUrl: 'https://slurm.example.org', networks: ['10.20.0.0/16'] };
  const wrong: readonly (readonly [object, string, string])[] = [
    [{ restUrl: '' }, 'https://stele.example.org', 'conf.restUrl'],
    [{ networks: [] }, 'https://stele.example.org', 'conf.networks'],
    [{ networks: ['10.20.0.0/77'] }, 'https://stele.example.org', 'conf.networks'],
    [{ callers: ['10.20'] }, 'https://stele.example.org', 'conf.callers'],
    [{ reach: 'jump' }, 'https://stele.example.org', 'conf.reach'],
    [{ requeue: true }, 'https://stele.example.org', 'conf.requeue'],
    [{}, 'http://localhost:8000', 'access'],
    [{}, 'http://127.0.0.1:8000', 'access'],
    [{}, 'http://[::1]:8000', 'access'],
  ];
  for (const [change, origin, field] of wrong) {
    it(`is refused with ${JSON.stringify(change)} at ${origin}`, () => {
      assert.throws(() => checkCalls({ conf: { ...conf, ...change } }, origin), { code: 'INVALID', field });
    });
  }

  it('is fine otherwise, and says when calls are not secured', () => {
    checkCalls({ conf }, 'https://stele.example.org');
    assert.doesNotMatch(callFacts('https://stele.example.org')[0]?.value ?? '', /without TLS/);
    assert.match(callFacts('http://stele.example.org')[0]?.value ?? '', /without TLS/);
  });
});

describe('a token that ends soon', () => {
  const who = { kind: 'user', id: 'u', name: 'bob' } as const;
  const tasks: readonly TaskHandle[] = [{ key, who }];
  const running: Observation = { phase: 'running', reason: 'All is well.' };
  const seenWith = (one: Observation, left: number | undefined): Observation | undefined =>
    warned(new Map([[key, one]]), tasks, () => (left === undefined ? undefined : now + left), now).get(key);

  it('is spoken of in the last hour, to who can still see', () => {
    const warnedOf = seenWith(running, 3_000_000);
    assert.match(
      warnedOf !== undefined && 'reason' in warnedOf ? (warnedOf.reason ?? '') : '',
      /^All is well\. The token/,
    );
    assert.deepEqual(seenWith(running, 3_700_000), running);
    assert.deepEqual(seenWith(running, undefined), running);
    const ended: Observation = { phase: 'ended', outcome: 'completed' };
    assert.deepEqual(seenWith(ended, 1_000), ended);
  });
});

describe('where a node is', () => {
  const networks = ['10.20.0.0/16'];
  const direct = (known: Readonly<Record<string, 'in' | 'out'>>): DirectDialService => ({
    dial: () => Promise.reject(new Error('nobody dials')),
    addressesOf: async (host) => {
      if (known[host] === 'in') return [host];
      throw new SteleError(known[host] === 'out' ? 'DENIED' : 'UNREACHABLE', host);
    },
  });
  const signal = new AbortController().signal;

  it('is the controller’s word, else the agent’s, in the networks of the resource', async () => {
    assert.equal(await whereIs('n1', '10.20.0.9', networks, direct({ n1: 'in' }), signal), 'n1');
    assert.equal(await whereIs('n1', '10.20.0.9', networks, direct({ '10.20.0.9': 'in' }), signal), '10.20.0.9');
    await rejectsWith('DENIED', whereIs('n1', '10.20.0.9', networks, direct({ n1: 'out', '10.20.0.9': 'in' }), signal));
    await rejectsWith('DENIED', whereIs('n1', '10.9.0.9', networks, direct({ '10.9.0.9': 'out' }), signal));
    for (const told of [undefined, 'another.name']) {
      await rejectsWith('UNREACHABLE', whereIs('n1', told, networks, direct({ 'another.name': 'in' }), signal));
    }
  });
});
