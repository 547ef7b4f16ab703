import { Problem } from '@stele/sdk/api';
import type { TObject, TSchema } from 'typebox';
import type { Route } from './route.ts';

type Plain = Record<string, unknown>;

/** The API's description, made from the very schemas that validate. */
export function openapi(routes: readonly Route[], version: string): Plain {
  const paths: Record<string, Plain> = {};
  for (const route of routes) {
    const path = `/api/v1${route.path.replaceAll(/:(\w+)/g, '{$1}')}`;
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Stele', version, description: 'Pick a software, pick a computing resource, press play.' },
    paths,
    components: {
      schemas: { Problem: plain(Problem) },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-stele' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

function operation(route: Route): Plain {
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.path.split('/')[1]],
    ...(route.audience === 'anyone' ? {} : { security: [{ session: [] }, { token: [] }] }),
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...requestBody(route),
    responses: {
      ...answers(route),
      default: {
        description: 'What went wrong',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

const operationId = (route: Route): string =>
  `${route.method.toLowerCase()}${route.path.replaceAll(/[/:.-]+(\w)/g, (_, letter: string) => letter.toUpperCase())}`;

function parameters(schema: TObject | undefined, place: 'path' | 'query'): Plain[] {
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || ((schema?.required ?? []) as readonly string[]).includes(name),
    schema: plain(property as TSchema),
  }));
}

function requestBody(route: Route): Plain {
  if (route.rawBody) return { requestBody: { required: true, content: { 'application/octet-stream': {} } } };
  if (!route.body) return {};
  return { requestBody: { required: true, content: { 'application/json': { schema: plain(route.body) } } } };
}

function answers({ status, answer: schema, media }: Route): Plain {
  const written = { description: 'The answer', content: { [media?.type ?? '']: {} } };
  return { [status]: answer(schema), ...Object.fromEntries((media?.statuses ?? []).map((one) => [one, written])) };
}

function answer(schema: TSchema | undefined): Plain {
  if (!schema) return { description: 'Done' };
  return { description: 'The answer', content: { 'application/json': { schema: plain(schema) } } };
}

/** Without TypeBox's marks, which are not part of JSON Schema. */
const plain = (schema: TSchema): Plain => JSON.parse(JSON.stringify(schema)) as Plain;
