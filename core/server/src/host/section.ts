import type { JsonObject } from '@stele/sdk';
import { settingsInvalid } from './failure.ts';
import type { PluginSection } from './types.ts';

/** What the site file says about one plugin, taken apart. */
export interface Section {
  readonly enabled: boolean | undefined;
  readonly settings: JsonObject;
  readonly lockedEnabled: boolean | undefined;
  readonly locked: JsonObject;
}

/** Words that the host keeps for itself; no plugin's settings may be named so. */
export const reserved = ['enabled', 'locked'];

export function readSection(section: PluginSection | null | undefined): Section {
  const { enabled, locked = {}, ...settings } = objectOr(section, 'it');
  const { enabled: lockedEnabled, ...lockedSettings } = objectOr(locked, '`locked`');
  return {
    enabled: flag(enabled, '`enabled`'),
    settings: settings as JsonObject,
    lockedEnabled: flag(lockedEnabled, '`locked.enabled`'),
    locked: lockedSettings as JsonObject,
  };
}

/** `plugin:` with nothing behind it is null in YAML, and means no settings. */
function objectOr(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw settingsInvalid(`${what} must be an object`);
  return value as Readonly<Record<string, unknown>>;
}

function flag(value: unknown, what: string): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw settingsInvalid(`${what} must be true or false`);
}
