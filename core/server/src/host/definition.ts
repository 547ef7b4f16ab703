import { pathToFileURL } from 'node:url';
import { messageOf, type PluginDefinition, type TokenMap } from '@stele/sdk';
import { loadFailed } from './failure.ts';
import { within } from './within.ts';

/** A plugin's definition with nothing left open. */
export interface Definition {
  readonly requires: TokenMap;
  readonly optional: TokenMap;
  readonly provides: readonly symbol[];
  readonly activate: PluginDefinition['activate'];
}

/** What a plugin without a server half amounts to. */
export const webOnly: Definition = { requires: {}, optional: {}, provides: [], activate: () => undefined };

/** Imports a server half. This is the first moment that code of the plugin runs; a module may wait for ever at its top. */
export async function loadDefinition(file: string, limit: number): Promise<Definition> {
  const module = await within(limit, () => import(pathToFileURL(file).href) as Promise<{ default?: unknown }>).catch(
    (error: unknown) => {
      throw loadFailed(`the server half could not be loaded: ${messageOf(error)}`, error);
    },
  );
  return checkDefinition(module.default);
}

/** Checks what the module exports by default: a plugin may be plain JavaScript. */
export function checkDefinition(exported: unknown): Definition {
  if (!isRecord(exported)) throw loadFailed('the server half has no default export made by definePlugin');
  const { requires = {}, optional = {}, provides = [], activate } = exported;
  if (typeof activate !== 'function') throw loadFailed('the definition has no function `activate`');
  if (!isTokenMap(requires)) throw loadFailed('`requires` must map names to tokens');
  if (!isTokenMap(optional)) throw loadFailed('`optional` must map names to tokens');
  if (!isTokenList(provides)) throw loadFailed('`provides` must be a list of tokens');
  const twice = Object.keys(requires).find((name) => Object.hasOwn(optional, name));
  if (twice !== undefined) throw loadFailed(`"${twice}" is both required and optional`);
  return { requires, optional, provides, activate: activate.bind(exported) as Definition['activate'] };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isTokenMap(value: unknown): value is TokenMap {
  return isRecord(value) && Object.values(value).every((token) => typeof token === 'symbol');
}

function isTokenList(value: unknown): value is readonly symbol[] {
  return Array.isArray(value) && value.every((token) => typeof token === 'symbol');
}
