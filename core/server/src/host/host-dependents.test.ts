import assert from 'node:assert/strict';
import { hasCode } from '@stele/sdk';
import { Bench, healthy, provides, server, uses } from './testing/bench.ts';
import { type Fixture } from './testing.ts';

describe('PluginHost: dependents', () => {
  const bench = new Bench();
  const { seen, run, of, states } = bench;
  beforeEach(() => bench.open());
  afterEach(() => bench.close());

  const chain: Fixture[] = [
    {
      id: 'top',
      server: server(...provides('top.service', 'deps.it')).replace(
        /requires: .*?},/,
        uses('requires', 'middle.service'),
      ),
    },
    {
      id: 'middle',
      server: server(...provides('middle.service', 'deps.it')).replace(
        /requires: .*?},/,
        uses('requires', 'base.service'),
      ),
    },
    { id: 'base', server: server(...provides('base.service')) },
  ];
  const all = (sign: string): string[] => ['base', 'middle', 'top'].map((id) => `${sign}${id}.service`);

  it('go down before their provider, blocked with the reason, and come back with it', async () => {
    await run(chain);
    assert.deepEqual(seen, all('+'));
    seen.length = 0;
    await bench.host.disable('base');
    assert.deepEqual(seen, all('-').toReversed());
    assert.deepEqual(states(), { base: 'disabled', middle: 'blocked DEP_MISSING', top: 'blocked DEP_FAILED' });
    assert.match(
      of('top').reason ?? '',
      /needs middle.service of middle.*needs base.service of base, which is disabled/,
    );
    seen.length = 0;
    await bench.host.enable('base');
    assert.deepEqual(seen, all('+'));
  });

  it('go down with the host, last activated first', async () => {
    await run(chain);
    seen.length = 0;
    await bench.host.stop();
    assert.deepEqual(seen, all('-').toReversed());
    await assert.rejects(bench.host.enable('base'), (error) => hasCode(error, 'CONFLICT'));
  });

  it('of a provider that fails are blocked, and so says the list', async () => {
    await run([
      { id: 'failing', server: server(`throw new Error('no');`, `provides: [token('failing.service')],`) },
      { id: 'needing', server: server('', uses('requires', 'failing.service')) },
      { id: 'wishing', server: server(`seen.push('it' in deps);`, uses('optional', 'failing.service')) },
    ]);
    assert.deepEqual(states(), {
      failing: 'failed ACTIVATE_FAILED',
      needing: 'blocked DEP_FAILED',
      wishing: 'active',
    });
    assert.deepEqual(seen, [false]);
  });

  it('in a cycle are blocked with its path', async () => {
    await run([
      { id: 'egg', server: server('', `${uses('requires', 'hen.service')} provides: [token('egg.service')],`) },
      { id: 'hen', server: server('', `${uses('requires', 'egg.service')} provides: [token('hen.service')],`) },
      healthy,
    ]);
    assert.deepEqual(states(), { egg: 'blocked DEP_CYCLE', hen: 'blocked DEP_CYCLE', healthy: 'active' });
    assert.match(of('egg').reason ?? '', /egg → hen → egg/);
  });

  it('that failed with the old service try again with the new one', async () => {
    const body = `provide(token('flaky.service'), seen.length); seen.push('flaky');`;
    await run([
      { id: 'flaky', server: server(body, `provides: [token('flaky.service')],`) },
      {
        id: 'picky',
        server: server(`if (deps.it === 0) throw new Error('zero');`, uses('requires', 'flaky.service')),
      },
    ]);
    assert.equal(of('picky').code, 'ACTIVATE_FAILED');
    await bench.host.disable('flaky');
    await bench.host.enable('flaky');
    assert.equal(of('picky').state, 'active');
  });

  it('restart when something optional comes or goes', async () => {
    await run(
      [
        {
          id: 'wishing',
          server: server(`seen.push(deps.it ? 'with' : 'without');`, uses('optional', 'extra.service')),
        },
        {
          id: 'extra',
          server: server(`provide(token('extra.service'), {});`, `provides: [token('extra.service')],`),
        },
      ],
      { settings: { extra: { enabled: false } } },
    );
    await bench.host.enable('extra');
    await bench.host.disable('extra');
    assert.deepEqual(seen, ['without', 'with', 'without']);
  });

  it('without anything to do with a change are left alone', async () => {
    await run([healthy, { id: 'other', server: server(`seen.push('other');`) }]);
    await bench.host.disable('healthy');
    await bench.host.enable('healthy');
    assert.deepEqual(seen, ['other']);
  });

  it('gives a token to the next who provides it when its holder goes', async () => {
    const provider = (id: string): Fixture => ({ id, server: server(...provides('shared.service', `'${id}'`)) });
    await run([
      provider('first'),
      provider('second'),
      { id: 'user', server: server('seen.push(deps.it);', uses('requires', 'shared.service')) },
    ]);
    assert.deepEqual(states(), { first: 'active', second: 'failed TOKEN_TAKEN', user: 'active' });
    await bench.host.disable('first');
    assert.deepEqual(states(), { first: 'disabled', second: 'active', user: 'active' });
    assert.deepEqual(seen, ['+shared.service', 'first', '-shared.service', '+shared.service', 'second']);
  });
});
