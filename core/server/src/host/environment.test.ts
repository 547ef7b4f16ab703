import assert from 'node:assert/strict';
import { settingsFromEnvironment } from './environment.ts';

const schema = {
  properties: {
    command: { type: 'string' },
    maxTasks: { type: 'integer' },
    mode: { anyOf: [{ const: 'fast' }, { const: 'safe' }] },
    hosts: { type: 'array' },
    limits: { type: 'object', properties: { memory: { type: 'integer' } } },
    'log-level': { enum: ['info', 'debug'] },
  },
};

describe('settingsFromEnvironment', () => {
  const cases: [string, string, object][] = [
    ['COMMAND', '42', { command: '42' }],
    ['COMMAND', '', { command: '' }],
    ['MAX_TASKS', '42', { maxTasks: 42 }],
    ['MAX_TASKS', 'many', { maxTasks: 'many' }],
    ['MODE', 'fast', { mode: 'fast' }],
    ['HOSTS', '["a"]', { hosts: ['a'] }],
    ['LIMITS', '{"memory": 1}', { limits: { memory: 1 } }],
    ['LIMITS__MEMORY', '1', { limits: { memory: 1 } }],
    ['LOG_LEVEL', 'info', { 'log-level': 'info' }],
  ];
  for (const [key, text, expected] of cases) {
    it(`reads ${key}=${text}`, () => {
      const environment = { [`STELE_PLUGIN_ENGINE_X__${key}`]: text, STELE_PLUGIN_ENGINE__COMMAND: 'other', HOME: '/' };
      assert.deepEqual(settingsFromEnvironment('engine-x', schema, environment).settings, expected);
    });
  }

  it('reads the switch', () => {
    const read = (text: string): boolean | undefined =>
      settingsFromEnvironment('engine-x', schema, { STELE_PLUGIN_ENGINE_X__ENABLED: text }).enabled;
    assert.equal(read('true'), true);
    assert.equal(read('false'), false);
    assert.throws(() => read('no'), { code: 'SETTINGS_INVALID' });
  });

  it('names a variable that sets nothing, without its value', () => {
    const environment = { STELE_PLUGIN_ENGINE_X__PASSWORT: 'hunter2' };
    assert.throws(
      () => settingsFromEnvironment('engine-x', schema, environment),
      ({ message }: Error) => message.includes('STELE_PLUGIN_ENGINE_X__PASSWORT') && !message.includes('hunter2'),
    );
  });
});
