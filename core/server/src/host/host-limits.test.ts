import assert from 'node:assert/strict';
import { token } from '@stele/sdk';
import { Bench, Gate, healthy, Seen, server, shortLimit, Things, uses } from './testing/bench.ts';
import { hostOptions, silent } from './testing.ts';
import { PluginHost } from './host.ts';

describe('PluginHost: what takes too long', () => {
  const bench = new Bench();
  const { seen, run, states } = bench;
  beforeEach(() => bench.open());
  afterEach(() => bench.close());

  it('is disowned: signal aborted, all given back, late additions refused and ended', async () => {
    const gate = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    const body = `
      add(Things, 'early', 1);
      signal.addEventListener('abort', () => seen.push('aborted: ' + signal.reason.code));
      await deps.gate;
      for (const [name, late] of Object.entries({
        add: () => add(Things, 'late', 1), mount: () => mount(async () => new Response()),
        provide: () => provide(token('late.service'), 1), own: () => own(() => { seen.push('ended'); }),
      })) try { late(); seen.push(name + ' taken'); } catch (error) { seen.push(name + ' ' + error.code); }
      deps.over();`;
    const needs = `requires: { seen: token('test.seen'), gate: token('test.gate'), over: token('test.over') }, provides: [token('late.service')],`;
    await run([{ id: 'late', server: server(body, needs) }], {
      activationLimit: shortLimit,
      services: [
        { token: Seen, value: seen },
        { token: Gate, value: gate.promise },
        { token: token('test.over'), value: over.resolve },
      ],
    });
    assert.deepEqual(states(), { late: 'failed ACTIVATE_TIMEOUT' });
    assert.deepEqual(bench.host.registry(Things).list(), []);
    gate.resolve();
    await over.promise;
    await Promise.resolve();
    assert.deepEqual(seen, [
      'aborted: ACTIVATE_TIMEOUT',
      'add CONFLICT',
      'mount CONFLICT',
      'provide CONFLICT',
      'own CONFLICT',
      'ended',
    ]);
  });

  it('keeps only those waiting who need it', async () => {
    const hang = {
      id: 'hang',
      server: server('await deps.gate;', `requires: { gate: token('test.gate') }, provides: [token('hang.service')],`),
    };
    const gate = Promise.withResolvers<void>();
    const starting = run([hang, healthy, { id: 'user', server: server('', uses('requires', 'hang.service')) }], {
      activationLimit: shortLimit,
      services: [
        { token: Seen, value: seen },
        { token: Gate, value: gate.promise },
      ],
      log: { ...silent, debug: (_, { plugin, state } = {}) => void seen.push(`${String(plugin)} ${String(state)}`) },
    });
    await starting;
    assert.ok(seen.indexOf('healthy active') < seen.indexOf('hang failed'), seen.join());
    assert.deepEqual(states(), { hang: 'failed ACTIVATE_TIMEOUT', healthy: 'active', user: 'blocked DEP_FAILED' });
  });

  it('is cut short by stop', async () => {
    const begun = Promise.withResolvers<void>();
    await bench.yard.write({ id: 'hang', server: server('seen(); await new Promise(() => {});') });
    const services = [{ token: Seen, value: begun.resolve }];
    const host = new PluginHost(hostOptions(bench.yard, { services, activationLimit: 60_000 }));
    const starting = host.start();
    await begun.promise;
    await host.stop();
    await starting;
    assert.equal(host.get('hang')?.state, 'disabled');
  });
});
