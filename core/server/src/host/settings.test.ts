import assert from 'node:assert/strict';
import type { JsonObject } from '@stele/sdk';
import { checkSchema, resolveSettings, validatorOf } from './settings.ts';

const schema = {
  type: 'object',
  properties: {
    command: { type: 'string', default: 'podman', 'x-order': 1 },
    count: { type: 'integer', minimum: 1 },
    password: { type: 'string', minLength: 8, 'x-secret': true },
    limits: {
      type: 'object',
      default: {},
      properties: { memory: { type: 'integer', default: 7 }, tags: { type: 'array' } },
    },
  },
};

describe('resolveSettings', () => {
  it('fills in defaults, nested ones too', () => {
    assert.deepEqual(resolveSettings(schema, [{}]), { command: 'podman', limits: { memory: 7 } });
  });

  it('lets later layers win, merges objects, replaces arrays', () => {
    const layers: JsonObject[] = [
      { command: 'a', count: 1, limits: { memory: 1, tags: [1, 2] } },
      { command: 'b', limits: { tags: [3] } },
      { count: 3 },
    ];
    assert.deepEqual(resolveSettings(schema, layers), { command: 'b', count: 3, limits: { memory: 1, tags: [3] } });
    assert.deepEqual(layers[1], { command: 'b', limits: { tags: [3] } }, 'the layers stay as they were');
  });

  it('gives settings that nobody can change', () => {
    const settings = resolveSettings(schema, [{}]) as { limits: { memory: number } };
    assert.throws(() => (settings.limits.memory = 1), TypeError);
  });

  const wrong: [string, object, RegExp][] = [
    ['a wrong type, with its path', { limits: { memory: 'much' } }, /`limits.memory` must be integer/],
    ['an unknown key', { comand: 'x' }, /`comand`/],
    ['every problem at once', { count: 0, command: 1 }, /count.*command|command.*count/],
    ['a prototype in disguise', JSON.parse('{"__proto__": {"count": 1}}'), /`__proto__`/],
  ];
  for (const [name, value, message] of wrong) {
    it(`names ${name}`, () => {
      assert.throws(() => resolveSettings(schema, [value as never]), { code: 'SETTINGS_INVALID', message });
    });
  }

  it('never quotes a value', () => {
    assert.throws(
      () => resolveSettings(schema, [{ password: 'hunter2' }]),
      ({ message }: Error) => message.includes('password') && !message.includes('hunter2'),
    );
  });

  it('takes no settings without a schema', () => {
    assert.deepEqual(resolveSettings(undefined, [{}]), {});
    assert.throws(() => resolveSettings(undefined, [{ x: 1 }]), { code: 'SETTINGS_INVALID' });
  });

  it('leaves a schema open that says so', () => {
    assert.deepEqual(resolveSettings({ type: 'object', additionalProperties: true }, [{ x: 1 }]), { x: 1 });
  });
});

describe('validatorOf', () => {
  const wrong: [string, object][] = [
    ['a misspelt keyword', { type: 'object', propertys: {} }],
    ['a type that is none', { type: 'object', properties: { a: { type: 'text' } } }],
    ['an unknown format', { type: 'object', properties: { a: { type: 'string', format: 'colour' } } }],
    ['a reference to nowhere', { type: 'object', properties: { a: { $ref: 'https://example.org/x' } } }],
    ['a word of the host', { type: 'object', properties: { enabled: { type: 'boolean' } } }],
  ];
  for (const [name, value] of wrong) {
    it(`refuses ${name}`, () => assert.throws(() => validatorOf(value as never), { code: 'MANIFEST_INVALID' }));
  }
});

describe('checkSchema', () => {
  const wrong: [string, object][] = [
    ['a property that is no schema', { properties: { a: 5 } }],
    ['a length below zero', { properties: { a: { type: 'string', minLength: -1 } } }],
    ['a title that is no text', { title: 5 }],
  ];
  for (const [name, value] of wrong) {
    it(`refuses ${name}`, () => assert.throws(() => checkSchema(value as never), { code: 'MANIFEST_INVALID' }));
  }

  it('takes what the standard allows, and words that it doesn’t know', () => {
    checkSchema({ type: 'object', properties: { a: { type: 'string', 'x-order': 1 } } });
  });
});
