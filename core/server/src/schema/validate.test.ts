import assert from 'node:assert/strict';
import { FileOperation, LogIn, NewSoftware, SoftwarePatch } from '@stele/sdk/api';
import type { TSchema } from 'typebox';
import { hasCode } from '@stele/sdk';
import { validate } from './validate.ts';

const software = { name: 'x', image: 'a/b', port: 80 };

const cases: readonly [TSchema, unknown, string, RegExp][] = [
  [FileOperation, { op: 'copy', from: 5, to: 'x' }, 'from', /must be string/],
  [FileOperation, { op: 'copy', from: 'x' }, 'to', /missing/],
  [FileOperation, { op: 'burn', path: 'x' }, 'op', /one of: mkdir, move, copy, remove/],
  [FileOperation, { path: 'x' }, 'op', /missing/],
  [FileOperation, { op: 'mkdir', path: 'x', mode: 7 }, 'mode', /not known/],
  [LogIn, { link: 5 }, 'link', /must be string/],
  [LogIn, { email: 5 }, 'email', /must be string/],
  [NewSoftware, { ...software, owner: { kind: 'user', id: 'x' } }, 'owner.id', /uuid/],
  [NewSoftware, { ...software, owner: { kind: 'nobody' } }, 'owner.kind', /one of: platform, user, group/],
  [NewSoftware, { ...software, owner: 'me' }, 'owner', /object/],
  [SoftwarePatch, { digest: 'x' }, 'digest', /not allowed/],
];

describe('validation of a form’s value', () => {
  const pattern = { pattern: '^/' };
  const schema = {
    properties: {
      base: { title: 'Folder', type: 'string', allOf: [pattern] },
      jump: { title: 'Hosts', type: 'array' },
    },
  };
  const forms: readonly [object, string][] = [
    [{ base: '~' }, '“Folder” has characters or a form that is not allowed.'],
    [{ jump: 'gateway' }, '“Hosts” has to be a list.'],
  ];
  for (const [value, message] of forms) {
    it(`calls it as the form does: ${message}`, () => assert.throws(() => validate(schema, value), { message }));
  }

  it('names a name that turns the text after it', () => {
    const message = '“Name” has characters or a form that is not allowed.';
    assert.throws(() => validate(NewSoftware, { ...software, name: 'a\u202eb' }), { message, field: 'name' });
  });
});

describe('validation of a union', () => {
  for (const [schema, value, field, words] of cases) {
    it(`names ${field} in ${JSON.stringify(value)}`, () => {
      const isRight = (error: unknown): boolean =>
        hasCode(error, 'INVALID') && error.field === field && words.test(error.message);
      assert.throws(
        () => validate(schema, value),
        (error: unknown) => isRight(error) || assert.fail(`${String(error)} (${(error as { field?: string }).field})`),
      );
    });
  }
});
