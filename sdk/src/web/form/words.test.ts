import assert from 'node:assert/strict';
import { settingsOf, type Setting } from './words.ts';

const schema = {
  type: 'object',
  properties: {
    memory: { type: 'integer', title: 'Memory', 'x-unit': 'bytes' },
    time: { type: 'integer', title: 'Time limit', 'x-unit': 'seconds', 'x-order': 1 },
    cores: { type: 'integer' },
    gpu: { type: 'boolean', title: 'Graphics card' },
    queue: {
      title: 'Queue',
      oneOf: [
        { const: 'l', title: 'Long' },
        { const: 's', title: 'Short' },
      ],
    },
    folders: { type: 'array', title: 'Folders', items: { type: 'string' } },
    token: { type: 'string', title: 'Token', 'x-secret': true },
    more: { type: 'object', title: 'More', properties: { nice: { type: 'integer', title: 'Niceness' } } },
  },
};
const inWords = (value: Record<string, unknown>, by: object | undefined = schema): readonly string[] =>
  settingsOf(value, by as Record<string, unknown>).map(({ title, words }: Setting) => `${title}: ${words}`);

describe('settings in words', () => {
  it('have the schema’s titles, units and order', () => {
    const value = { memory: 4 * 1024 ** 3, cores: 2, time: 7500, gpu: false, queue: 'l', more: { nice: 5 } };
    assert.deepEqual(inWords(value), [
      'Time limit: 2 hr 5 min',
      'Memory: 4 GiB',
      'Cores: 2',
      'Graphics card: No',
      'Queue: Long',
      'More: Niceness: 5',
    ]);
  });

  it('keep secrets, and show lists by the line', () => {
    assert.deepEqual(inWords({ token: 'hunter2', folders: ['a', 'b'] }), ['Folders: a\nb', 'Token: ••••••']);
  });

  it('stand under their keys where no schema knows them', () => {
    assert.deepEqual(inWords({ maxRunTime: 5, list: [] }, undefined), ['Max run time: 5']);
  });
});
