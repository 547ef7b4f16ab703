import assert from 'node:assert/strict';
import { decode, encode, type Message } from './message.ts';

const id = 'f0e1d2c3-0000-4000-8000-000000000000';

describe('messages between replicas', () => {
  const messages: readonly Message[] = [
    { kind: 'task', id },
    { kind: 'task-removed', id, owner: { kind: 'user', id } },
    { kind: 'resource', of: 'computing', id, gone: false, owner: { kind: 'platform' } },
    { kind: 'resource', of: 'storage', id, gone: true },
    { kind: 'notice', owner: { kind: 'user', id } },
    { kind: 'poke', computing: id },
    { kind: 'session-ended', session: id, user: id },
    { kind: 'token-revoked', token: id },
    { kind: 'user-changed', user: id },
    { kind: 'plugins' },
  ];
  for (const message of messages) {
    it(`carry ${JSON.stringify(message).slice(0, 60)}`, () => {
      assert.deepEqual(decode(encode('me', message)), { from: 'me', message });
    });
  }

  for (const [what, text] of [
    ['no JSON', 'x'],
    ['no object', '3'],
    ['nothing', 'null'],
    ['no sender', '{"kind":"plugins"}'],
    ['an unknown kind', '{"from":"a","kind":"toString"}'],
    ['a task without an id', '{"from":"a","kind":"task"}'],
    ['a number for an id', '{"from":"a","kind":"task","id":3}'],
    ['a removal that is nobody’s', `{"from":"a","kind":"task-removed","id":"${id}"}`],
    ['an owner of no kind', `{"from":"a","kind":"task-removed","id":"${id}","owner":{"kind":"all"}}`],
  ] as const) {
    it(`are not ${what}`, () => assert.equal(decode(text), undefined));
  }

  it('hold no contents', () => {
    assert.throws(() => encode('me', { kind: 'task', id: 'x'.repeat(2_000) }), /more than ids/);
  });
});
