import type { Observation } from '@stele/sdk';
import { said } from '../computing/index.ts';

/** What PostgreSQL's `integer` holds. */
const largest = 2 ** 31 - 1;
/** The last year that people and databases write alike. */
const lastYear = 9_999;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? said(value) : undefined);
const digest = (value: unknown): unknown => (/^sha256:[0-9a-f]{64}$/.test(String(value)) ? value : undefined);
const number = (value: unknown): unknown =>
  Number.isInteger(value) && Math.abs(value as number) <= largest ? value : undefined;

const same = (value: unknown): unknown => value;

function time(value: unknown): unknown {
  const year = new Date(String(value)).getUTCFullYear();
  return year >= 1_970 && year <= lastYear ? value : undefined;
}

const checks: ReadonlyMap<string, (value: unknown) => unknown> = new Map(
  Object.entries({
    ...{ reason: text, detail: text, ref: text, digest, exitCode: number },
    ...{ startedAt: time, endedAt: time, expectedAt: time },
  }),
);

/**
 * An observation without what can't be so, or can't be kept. Records of tasks lie where tasks may write: one that holds nonsense
 * must be nobody's trouble but its own, while a round writes down what it saw of all. Pure.
 */
export function plausible(seen: Observation): Observation {
  const entries = Object.entries(seen).map(([name, value]) => [name, (checks.get(name) ?? same)(value)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Observation;
}
