import { SteleError } from './errors.ts';
import type { ImageRef } from './resources.ts';

const atMost255 = '(?![\\s\\S]{256})';
const host = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const port = '(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])';
const repositoryPart = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';

/**
 * Regular-expression sources of the values that cross into commands, files and URLs. Used in JSON schemas and, anchored,
 * by {@link matches}.
 */
export const grammar = {
  /** Registry host with optional port 1–65535; at most 255 characters. */
  registry: `${atMost255}${host}(?:\\.${host})*(?::${port})?`,
  /** Repository below the registry (OCI distribution specification 1.1); at most 255 characters. */
  repository: `${atMost255}${repositoryPart}(?:/${repositoryPart})*`,
  /** Image tag. */
  tag: '[A-Za-z0-9_][A-Za-z0-9._-]{0,127}',
  /** Image digest. */
  digest: 'sha256:[a-f0-9]{64}',
  /** Name of an environment variable. */
  envName: '[A-Za-z_][A-Za-z0-9_]{0,127}',
  /** Value of an environment variable: no line break, no NUL. */
  envValue: '[^\\u0000\\r\\n]{0,4096}',
  /** Absolute POSIX path without `.` and `..` parts, control characters or doubled slashes. */
  absolutePath: '/(?:(?!\\.{1,2}(?:/|$))[^/\\u0000-\\u001f\\u007f]{1,255}(?:/(?!$)|$))*',
  /** Task key. */
  taskKey: '[a-z0-9]{16}',
  /** User name as it appears in paths. */
  userName: '[a-z0-9][a-z0-9_-]{0,31}',
  /** Name of an account on another host: never an option, never a path. */
  accountName: '[A-Za-z_][A-Za-z0-9_.-]{0,31}',
  /** Id of a plugin or of what it adds. */
  id: '[a-z][a-z0-9-]{0,62}',
} as const;

type Rule = keyof typeof grammar;

const whole = new Map(Object.keys(grammar).map((rule) => [rule, new RegExp(pattern(rule as Rule), 'u')]));

/** Whether the whole of `value` is of this {@link grammar}. */
export function matches(rule: Rule, value: string): boolean {
  return whole.get(rule)!.test(value);
}

/** Anchors a rule for a JSON schema's `pattern`. */
export function pattern(rule: Rule): string {
  return `^(?:${grammar[rule]})$`;
}

/**
 * Writes an image reference as engines read it: by digest where there is one, else by tag.
 * @throws INVALID (field `image`) when a part breaks the grammar
 */
export function formatImage(image: ImageRef): string {
  const parts = [
    ['registry', image.registry],
    ['repository', image.repository],
    ['tag', image.tag ?? 'latest'],
    ...(image.digest === undefined ? [] : [['digest', image.digest] as const]),
  ] as const;
  const wrong = parts.find(([rule, value]) => !matches(rule, value));
  if (wrong) throw new SteleError('INVALID', `“${wrong[1]}” is not a valid image ${wrong[0]}.`, { field: 'image' });
  const name = `${image.registry}/${image.repository}`;
  return image.digest === undefined ? `${name}:${image.tag ?? 'latest'}` : `${name}@${image.digest}`;
}
