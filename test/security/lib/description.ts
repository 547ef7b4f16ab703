import assert from 'node:assert/strict';
import type { ApiClient } from '../../e2e/lib/index.ts';

export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

/** A route as the API describes it. */
export interface Operation {
  readonly method: string;
  /** Below `/api/v1`. */
  readonly path: string;
  readonly isOpen: boolean;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  readonly isUpload: boolean;
  readonly answers: Readonly<Record<string, Schema | undefined>>;
}

interface Described {
  readonly security?: unknown;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

export type Description = { readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>> };

/** Every route of a running platform, by its own description. */
export async function operationsOf(client: ApiClient): Promise<Operation[]> {
  const { paths } = await client.must<Description>('GET', '/openapi.json');
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operation(method, path, described)),
  );
}

function operation(method: string, path: string, described: Described): Operation {
  assert(path.startsWith('/api/v1/'), path);
  const content = described.requestBody?.content;
  return {
    method: method.toUpperCase(),
    path: path.slice('/api/v1'.length),
    isOpen: described.security === undefined,
    parameters: described.parameters ?? [],
    body: content?.['application/json']?.schema,
    isUpload: content?.['application/octet-stream'] !== undefined,
    answers: Object.fromEntries(
      Object.entries(described.responses).map(([status, { content: answer }]) => [
        status,
        answer?.['application/json']?.schema,
      ]),
    ),
  };
}

/** `GET /tasks/{id}`. */
export const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;

/** The path with its parameters filled in. */
export const fill = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
