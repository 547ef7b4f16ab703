import assert from 'node:assert/strict';
import { Bench, healthy, server, shortLimit, Things, uses } from './testing/bench.ts';
import { type Fixture } from './testing.ts';

describe('PluginHost keeps the healthy going beside', () => {
  const bench = new Bench();
  const { run, of, states } = bench;
  beforeEach(() => bench.open());
  afterEach(() => bench.close());

  const broken: [string, Fixture, string, RegExp][] = [
    ['a syntax error', { id: 'broken', server: 'export default {' }, 'failed LOAD_FAILED', /./],
    ['a missing import', { id: 'broken', server: `import 'not-there';` }, 'failed LOAD_FAILED', /not-there/],
    ['a module that throws', { id: 'broken', server: `throw new Error('top')` }, 'failed LOAD_FAILED', /top/],
    [
      'a module that waits for ever',
      { id: 'broken', server: 'await new Promise(() => {});' },
      'failed LOAD_FAILED',
      /longer than/,
    ],
    ['no definition', { id: 'broken', server: 'export const x = 1;' }, 'failed LOAD_FAILED', /default export/],
    [
      'a wrong SDK range',
      { id: 'broken', server: server(''), package: { engines: { stele: '^9.0.0' } } },
      'failed SDK_MISMATCH',
      /\^9\.0\.0/,
    ],
    [
      'no upper bound',
      { id: 'broken', server: server(''), package: { engines: { stele: '>=1.0.0' } } },
      'failed MANIFEST_INVALID',
      /upper bound/,
    ],
    [
      'a package.json that is no JSON',
      { id: 'broken', files: { 'package.json': '{' } },
      'failed MANIFEST_INVALID',
      /broken/,
    ],
    [
      'an activate that throws',
      { id: 'broken', server: server(`throw new Error('no luck');`) },
      'failed ACTIVATE_FAILED',
      /no luck/,
    ],
    [
      'an activate that throws nothing',
      { id: 'broken', server: server('throw undefined;') },
      'failed ACTIVATE_FAILED',
      /undefined/,
    ],
    [
      'an activate that hangs',
      { id: 'broken', server: server('await new Promise(() => {});') },
      'failed ACTIVATE_TIMEOUT',
      /within 0.5 s/,
    ],
    [
      'a cycle of one',
      { id: 'broken', server: server('', `requires: { a: token('loop') }, provides: [token('loop')],`) },
      'blocked DEP_CYCLE',
      /broken → broken/,
    ],
    [
      'a missing service',
      { id: 'broken', server: server('', uses('requires', 'not.there')) },
      'blocked DEP_MISSING',
      /not\.there/,
    ],
    [
      'a token of the core',
      { id: 'broken', server: server('', 'provides: [token("test.seen")],') },
      'failed TOKEN_TAKEN',
      /test\.seen, which the core/,
    ],
    [
      'a service declared and not provided',
      { id: 'broken', server: server('', 'provides: [token("a.b")],') },
      'failed ACTIVATE_FAILED',
      /a\.b/,
    ],
    [
      'a service provided and not declared',
      { id: 'broken', server: server('provide(token("a.b"), 1);') },
      'failed ACTIVATE_FAILED',
      /a\.b/,
    ],
    [
      'settings that nobody gave',
      {
        id: 'broken',
        server: server(''),
        stele: { settings: { required: ['url'], properties: { url: { type: 'string' } } } },
      },
      'failed SETTINGS_INVALID',
      /url/,
    ],
    [
      'an id that is taken in an extension point',
      { id: 'later', server: server(`await 0; await 0; add(Things, 'healthy', 2);`) },
      'failed ACTIVATE_FAILED',
      /Plugin healthy has already added/,
    ],
  ];
  for (const [name, fixture, state, reason] of broken) {
    it(name, async () => {
      await run([healthy, fixture], { activationLimit: shortLimit });
      assert.deepEqual(states(), { healthy: 'active', [fixture.id]: state });
      assert.match(of(fixture.id).reason ?? '', reason);
      assert.equal(bench.host.registry(Things).list().length, 1);
    });
  }
});
