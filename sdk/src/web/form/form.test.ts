import assert from 'node:assert/strict';
import { complaint, complaints, fieldNamed, foldsAround } from './check.ts';
import { fieldsOf, startValue, titleOf, valueAt, withValue } from './fields.ts';
import { bestUnit, inUnit, unitFor } from './units.ts';

const schema = {
  type: 'object',
  required: ['host', 'cores'],
  properties: {
    note: { type: 'string', maxLength: 2000 },
    host: {
      type: 'string',
      title: 'Host',
      minLength: 1,
      pattern: '^[a-z.]+$',
      examples: ['login.example.org'],
      'x-order': 1,
    },
    cores: { type: 'integer', minimum: 1, maximum: 64, default: 2 },
    memory: { type: 'integer', minimum: 1024 ** 3, 'x-unit': 'bytes', default: 4 * 1024 ** 3 },
    walltime: { type: 'integer', maximum: 7200, 'x-unit': 'seconds' },
    secret: { type: 'string', 'x-secret': true },
    gpu: { type: 'boolean', 'x-advanced': true },
    queue: { enum: ['short', 'long'] },
    policy: { oneOf: [{ const: 'a', title: 'First' }, { const: 'b' }] },
    args: { type: 'array', items: { type: 'string' } },
    env: { type: 'object', additionalProperties: { type: 'string' } },
    labels: { type: 'object', patternProperties: { '^x': { type: 'string' } } },
    inner: { type: 'object', properties: { deep: { type: 'number', default: 0.5 } } },
    other: { type: 'array', items: { type: 'object' } },
  },
};
const fields = fieldsOf(schema);
const field = (path: string) => fieldNamed(fields, path)!;

describe('form from a schema', () => {
  const kinds = {
    host: 'text',
    note: 'multiline',
    cores: 'number',
    memory: 'bytes',
    walltime: 'seconds',
    secret: 'secret',
    gpu: 'switch',
    queue: 'choice',
    policy: 'choice',
    args: 'lines',
    env: 'pairs',
    labels: 'pairs',
    inner: 'group',
    other: 'json',
  };
  for (const [path, kind] of Object.entries(kinds)) {
    it(`enters ${path} as ${kind}`, () => assert.equal(fields.find((f) => f.path === path)?.kind, kind));
  }

  it('puts what has an order first and keeps the rest as written', () => {
    assert.deepEqual(
      fields.slice(0, 3).map((f) => f.key),
      ['host', 'note', 'cores'],
    );
  });

  it('knows what is needed, what is folded, and examples', () => {
    assert.equal(field('host').isRequired, true);
    assert.equal(field('note').isRequired, false);
    assert.equal(field('gpu').isAdvanced, true);
    assert.equal(field('host').example, 'login.example.org');
  });

  it('names choices by their title or their value', () => {
    assert.deepEqual(
      field('policy').choices.map((c) => c.title),
      ['First', 'b'],
    );
  });

  it('makes titles of keys', () => {
    assert.equal(titleOf('maxRunTime'), 'Max run time');
    assert.equal(titleOf('base_path'), 'Base path');
  });

  it('starts with what is given, then the defaults, also inside', () => {
    assert.deepEqual(startValue(fields, { cores: 8, kept: 1 }), {
      cores: 8,
      kept: 1,
      memory: 4 * 1024 ** 3,
      inner: { deep: 0.5 },
    });
  });

  it('changes one value and leaves the given one alone', () => {
    const before = { inner: { deep: 1 } };
    assert.deepEqual(withValue(before, 'inner.deep', 2), { inner: { deep: 2 } });
    assert.deepEqual(withValue(before, 'inner.deep', undefined), { inner: {} });
    assert.deepEqual(before, { inner: { deep: 1 } });
    assert.equal(valueAt(before, 'inner.deep'), 1);
    assert.equal(valueAt(before, 'not.there'), undefined);
  });
});

describe('what is wrong with a value', () => {
  const rows: readonly (readonly [path: string, value: unknown, words: RegExp | undefined])[] = [
    ['host', '', /Host is needed/],
    ['host', 'UPPER', /can’t be written/],
    ['host', 'ok.example', undefined],
    ['cores', 0, /At least 1/],
    ['cores', 65, /At most 64/],
    ['cores', 1.5, /whole number/],
    ['cores', Number.NaN, /a number/],
    ['memory', 1, /At least 1 GiB/],
    ['walltime', 7201, /At most 2 hr/],
    ['note', undefined, undefined],
    ['note', 'x'.repeat(2001), /At most 2,000 characters/],
  ];
  for (const [path, value, words] of rows) {
    it(`${path} = ${JSON.stringify(value)?.slice(0, 20)}`, () => {
      const found = complaint(field(path), value);
      if (words) assert.match(found ?? '', words);
      else assert.equal(found, undefined);
    });
  }

  it('says how JSON begins that was typed as something else', () => {
    const host = { type: 'object', required: ['host'], properties: { host: { type: 'string' } } };
    const [hosts] = fieldsOf({ properties: { hosts: { title: 'Hosts on the way', type: 'array', items: host } } });
    assert(hosts);
    assert.equal(
      complaint(hosts, 'gateway.example.org'),
      'Hosts on the way has to be a list in JSON, such as [{"host": "…"}].',
    );
    assert.equal(complaint(hosts, [{ host: 'gateway.example.org' }]), undefined);
  });

  it('collects them by path', () => {
    assert.deepEqual([...complaints(fields, { cores: 0 }).keys()], ['host', 'cores']);
  });

  it('finds the field that a problem names, also from outside and above', () => {
    assert.equal(fieldNamed(fields, 'options.cores', 'options')?.path, 'cores');
    assert.equal(fieldNamed(fields, 'env.PATH')?.path, 'env');
    assert.equal(fieldNamed(fields, 'inner.deep')?.path, 'inner.deep');
    assert.equal(fieldNamed(fields, 'nothing'), undefined);
  });

  it('knows what to unfold for a field to be seen', () => {
    const group = (...advanced: object[]) => ({ type: 'object', properties: { in: Object.assign({}, ...advanced) } });
    const number = { type: 'number' };
    const deep = fieldsOf({
      type: 'object',
      properties: {
        open: number,
        outer: { ...group(number, { 'x-advanced': true }), 'x-advanced': true },
        plain: group(number, { 'x-advanced': true }),
      },
    });
    assert.deepEqual(foldsAround(deep, 'open'), []);
    assert.deepEqual(foldsAround(deep, 'outer.in'), ['', 'outer']);
    assert.deepEqual(foldsAround(deep, 'plain.in'), ['plain']);
    assert.deepEqual(foldsAround(deep, 'nothing'), []);
  });
});

describe('units', () => {
  it('enters a size in the largest unit that fits it', () => {
    assert.equal(bestUnit('bytes', 4 * 1024 ** 3).name, 'GiB');
    assert.equal(bestUnit('bytes', 1536 * 1024 ** 2).name, 'MiB');
    assert.equal(bestUnit('bytes', undefined).name, 'GiB');
    assert.equal(bestUnit('seconds', 10).name, 'seconds');
    assert.equal(bestUnit('seconds', undefined).name, 'hours');
    assert.equal(bestUnit('seconds', 5400).name, 'minutes');
    assert.equal(bestUnit('seconds', 86_400).name, 'days');
  });

  it('keeps the unit that somebody entered a size in', () => {
    const half = 512 * 1024 ** 2;
    const gib = unitFor('bytes', half, 1024 ** 3);
    assert.deepEqual([gib.name, inUnit(half, gib)], ['GiB', '0.5']);
    assert.equal(unitFor('bytes', undefined, 1024 ** 3).name, 'GiB');
    assert.equal(unitFor('bytes', half, undefined).name, 'MiB');
  });

  it('shows what was typed, though bytes are whole', () => {
    const gib = unitFor('bytes', undefined, undefined);
    for (const typed of ['0.1', '0.01', '1.7', '123456789']) {
      assert.equal(inUnit(Math.round(Number(typed) * gib.size), gib), typed);
    }
  });
});
