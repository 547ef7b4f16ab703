import assert from 'node:assert/strict';
import { token } from '@stele/sdk';
import { type GraphNode, planGraph } from './graph.ts';

/** `a: b? c > d` reads: a optionally uses b, requires c, provides d. */
function node(text: string): GraphNode {
  const [, id = '', uses = '', provides = ''] = /^([a-z]+):([^>]*)>?(.*)$/.exec(text) ?? [];
  const words = uses.split(' ').filter(Boolean);
  return {
    id,
    requires: words.filter((one) => !one.endsWith('?')).map((one) => token(one)),
    optional: words.filter((one) => one.endsWith('?')).map((one) => token(one.slice(0, -1))),
    provides: provides
      .split(' ')
      .filter(Boolean)
      .map((one) => token(one)),
  };
}

function plan(nodes: readonly string[], core: readonly string[] = []): ReturnType<typeof planGraph> {
  return planGraph(nodes.map(node), new Set(core.map((one) => token(one))), [
    { id: 'gone', provides: [token('gone')], state: 'disabled' },
    { id: 'broken', provides: [token('broken')], state: 'failed' },
  ]);
}

describe('planGraph', () => {
  const orders: [string, string[], string][] = [
    ['keeps the given order where nothing depends', ['a:', 'b:', 'c:'], 'a b c'],
    ['puts providers first', ['a: y', 'b: x > y', 'c: > x'], 'c b a'],
    ['counts what the core offers as there', ['a: core'], 'a'],
    ['puts optional providers first', ['a: x?', 'b: > x'], 'b a'],
    ['does without an optional that is not there', ['a: x? gone? broken?'], 'a'],
    ['drops an optional use that would close a cycle', ['a: x? > y', 'b: y > x'], 'a b'],
    ['drops only one of two optional uses of each other', ['a: x? > y', 'b: y? > x'], 'b a'],
    ['drops an optional use of itself', ['a: x? > x'], 'a'],
    ['uses an optional over a diamond', ['a: b c > a', 'b: d > b', 'c: d? > c', 'd: > d'], 'd b c a'],
  ];
  for (const [name, nodes, expected] of orders) {
    it(name, () => assert.equal(plan(nodes, ['core']).order.join(' '), expected));
  }

  const obstacles: [string, string[], Record<string, string>][] = [
    ['names a missing service', ['a: x'], { a: 'DEP_MISSING: needs x, which no enabled plugin provides' }],
    ['names a disabled provider', ['a: gone'], { a: 'DEP_MISSING: needs gone of gone, which is disabled' }],
    ['names a failed provider', ['a: broken'], { a: 'DEP_FAILED: needs broken of broken, which failed' }],
    [
      'blocks along the chain',
      ['a: y', 'b: x > y', 'c:'],
      {
        a: 'DEP_FAILED: needs y of b, which is not active: needs x, which no enabled plugin provides',
        b: 'DEP_MISSING: needs x, which no enabled plugin provides',
      },
    ],
    [
      'shows the path of a cycle to each of its members, and blocks who needs one',
      ['a: z > x', 'b: x > y', 'c: y > z', 'd: x', 'e:'],
      {
        a: 'DEP_CYCLE: it needs itself: a → c → b → a',
        b: 'DEP_CYCLE: it needs itself: b → a → c → b',
        c: 'DEP_CYCLE: it needs itself: c → b → a → c',
        d: 'DEP_FAILED: needs x of a, which is not active: it needs itself: a → c → b → a',
      },
    ],
    ['finds a cycle of one', ['a: x > x'], { a: 'DEP_CYCLE: it needs itself: a → a' }],
    [
      'gives a token to the first',
      ['a: > x', 'b: > x', 'c: x'],
      { b: 'TOKEN_TAKEN: provides x, which a provides already' },
    ],
    [
      'never takes a token from the core',
      ['a: > core'],
      { a: 'TOKEN_TAKEN: provides core, which the core provides already' },
    ],
    [
      'gives away no other token of one who lost',
      ['a: > x', 'b: > y x', 'c: y'],
      {
        b: 'TOKEN_TAKEN: provides x, which a provides already',
        c: 'DEP_MISSING: needs y, which no enabled plugin provides',
      },
    ],
  ];
  for (const [name, nodes, expected] of obstacles) {
    it(name, () => {
      const result = plan(nodes, ['core']);
      const found = [...result.obstacles].map(([id, { code, reason }]) => [id, `${code}: ${reason}`]);
      assert.deepEqual(Object.fromEntries(found), expected);
      const ids = nodes.map((one) => node(one).id).filter((id) => !(id in expected));
      assert.deepEqual(result.order.toSorted(), ids, 'nobody else is held up');
    });
  }

  it('says whose service each plugin gets', () => {
    const { bindings } = plan(['a: x y? core', 'b: > x', 'c: > y'], ['core']);
    assert.deepEqual(
      [...(bindings.get('a') ?? [])],
      [
        [token('x'), 'b'],
        [token('y'), 'c'],
      ],
    );
  });
});
