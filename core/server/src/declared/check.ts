import { randomUUID } from 'node:crypto';
import { type JsonObject, messageOf, SteleError } from '@stele/sdk';
import { NewComputing, NewSoftware, NewStorage } from '@stele/sdk/api';
import { validate } from '../schema/index.ts';
import type { Declarations } from './declared.ts';
import { takeName } from './names.ts';
import { type ReadReference, takeReferences } from './references.ts';

type Kind = keyof Declarations;
type Entry = Declarations[Kind][number];

/** A declared resource that would be left out. */
export interface WrongDeclaration {
  readonly kind: Kind;
  readonly name: string;
  readonly reason: string;
}

const schemas = { software: NewSoftware, computing: NewComputing, storages: NewStorage } as const;

/** What is wrong with declared resources, as far as it shows without the plugins that they name. Pure. */
export function checkDeclarations(declared: Partial<Declarations>): WrongDeclaration[] {
  const computings = new Set((declared.computing ?? []).map(({ name }) => name));
  return (Object.keys(schemas) as Kind[]).flatMap((kind) => {
    const taken = new Set<unknown>();
    return (declared[kind] ?? []).flatMap((entry, at) => {
      return wrongIn(kind, entry, at, () => {
        takeName(entry, taken);
        validate(schemas[kind], structuredClone(withId(entry, computings)), 'body', kind);
      });
    });
  });
}

/** What declared resources leave to files and to the environment, and is not there. */
export async function checkReferences(
  declared: Partial<Declarations>,
  read: ReadReference,
): Promise<WrongDeclaration[]> {
  const wrong: WrongDeclaration[] = [];
  for (const kind of ['computing', 'storages'] as const) {
    for (const [at, entry] of (declared[kind] ?? []).entries()) {
      try {
        const { accessConf = {}, conf = {}, credentials = {} } = entry;
        await takeReferences({ accessConf, conf, credentials } as JsonObject, read);
      } catch (error) {
        wrong.push({ kind, name: nameOf(entry, at), reason: messageOf(error) });
      }
    }
  }
  return wrong;
}

function wrongIn(kind: Kind, entry: Entry, at: number, check: () => void): WrongDeclaration[] {
  try {
    check();
    return [];
  } catch (error) {
    return [{ kind, name: nameOf(entry, at), reason: messageOf(error) }];
  }
}

function nameOf({ name }: Entry, at: number): string {
  return typeof name === 'string' ? name : `number ${at + 1}`;
}

/** Files name a computing; the schema wants its id, which nobody knows before the start. */
function withId(entry: Entry, computings: ReadonlySet<unknown>): Entry {
  const { computing } = entry;
  if (computing === undefined) return entry;
  if (!computings.has(computing)) {
    throw new SteleError('INVALID', `“computing” names ${JSON.stringify(computing)}, which the file does not declare.`);
  }
  return { ...entry, computing: randomUUID() };
}
