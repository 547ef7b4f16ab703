import assert from 'node:assert/strict';
import type { Computing } from '@stele/sdk/api';
import { anyEngineWords, engineWords, kindLine } from './words.ts';

const computing = (more: Partial<Computing> = {}): Computing =>
  ({
    driver: 'odd',
    access: 'ssh',
    engines: [
      { id: 'podman', runtimes: ['crun', 'runc'] },
      { id: 'x', runtimes: [] },
    ],
    ...more,
  }) as Computing;
const offers = {
  drivers: [{ id: 'odd', title: 'Odd machine', kind: 'odd', bringsEngine: false, accepts: [], conf: {} }],
  access: [{ id: 'ssh', title: 'SSH', conf: {} }],
  engines: [{ id: 'podman', title: 'Podman', runtimes: [] }],
};

describe('words about a computing', () => {
  it('say what it is and how it is reached', () => {
    assert.equal(kindLine(computing({ kind: 'standalone' }), offers), 'Single host · SSH');
    assert.equal(kindLine(computing(), offers), 'Odd machine · SSH');
    assert.equal(kindLine(computing(), undefined), 'odd · ssh');
    assert.equal(kindLine(computing({ access: 'api' }), offers), 'Odd machine · Its own API');
  });
  it('name engines with their runtimes', () => {
    assert.deepEqual(engineWords(computing(), offers), ['Podman (crun, runc)', 'x']);
  });
  it('speak of engines only where there are some to be found', () => {
    assert.equal(anyEngineWords(computing(), offers), 'Any engine found there');
    const drivers = offers.drivers.map((driver) => ({ ...driver, bringsEngine: true }));
    assert.equal(anyEngineWords(computing(), { ...offers, drivers }), 'Runs containers by itself');
  });
});
