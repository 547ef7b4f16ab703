import assert from 'node:assert/strict';
import * as api from './index.ts';

interface Schema {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly anyOf?: readonly Schema[];
}

/** Whatever a client sends. */
const sent = Object.entries(api as unknown as Readonly<Record<string, Schema>>).filter(
  ([name, schema]) =>
    /^New|Patch$|Change$|Operation$|Query$|^LogIn$|^GroupMember$/.test(name) && typeof schema === 'object',
);

describe('schemas of what clients send', () => {
  it('are found', () => assert(sent.length >= 14, String(sent.map(([name]) => name))));

  for (const [name, schema] of sent)
    it(`${name} takes no key that it doesn’t declare`, () => demandClosed(schema, name));
});

describe('schemas of changes', () => {
  for (const [name, schema] of sent.filter(([name]) => name.endsWith('Patch')))
    it(`${name} fills in nothing`, () => demandNoDefault(schema, name));
});

function demandNoDefault({ properties = {} }: Schema, where: string): void {
  for (const [name, inner] of Object.entries(properties)) {
    assert.equal(inner.default, undefined, `${where}.${name}`);
    demandNoDefault(inner, `${where}.${name}`);
  }
}

function demandClosed(schema: Schema, where: string): void {
  for (const branch of schema.anyOf ?? []) demandClosed(branch, where);
  if (schema.properties === undefined) return;
  // A schema for the other keys is a declaration, too.
  assert.notEqual(schema.additionalProperties ?? true, true, where);
  for (const [name, inner] of Object.entries(schema.properties)) demandClosed(inner, `${where}.${name}`);
}
