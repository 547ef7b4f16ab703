import { messageOf } from '@stele/sdk';
import type { PluginCode } from './types.ts';

/** Why a plugin isn't active: a code for programs, a sentence for the operator. */
export class PluginFailure extends Error {
  readonly code: PluginCode;

  constructor(code: PluginCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PluginFailure';
    this.code = code;
  }
}

/** Work took longer than it may. */
export class TimeLimitError extends Error {
  constructor(limit: number) {
    super(`it took longer than ${limit / 1000} s`);
    this.name = 'TimeLimitError';
  }
}

export function manifestInvalid(message: string, cause?: unknown): PluginFailure {
  return new PluginFailure('MANIFEST_INVALID', `package.json: ${message}`, cause);
}

export function sdkMismatch(message: string): PluginFailure {
  return new PluginFailure('SDK_MISMATCH', message);
}

export function settingsInvalid(message: string): PluginFailure {
  return new PluginFailure('SETTINGS_INVALID', `settings: ${message}`);
}

export function loadFailed(message: string, cause?: unknown): PluginFailure {
  return new PluginFailure('LOAD_FAILED', message, cause);
}

export function activationFailed(error: unknown, limit: number): PluginFailure {
  return error instanceof TimeLimitError
    ? new PluginFailure('ACTIVATE_TIMEOUT', `activate did not finish within ${limit / 1000} s`, error)
    : new PluginFailure('ACTIVATE_FAILED', `activate failed: ${messageOf(error)}`, error);
}

/** Any error as a failure; what isn't one already happened while loading. */
export function asFailure(error: unknown): PluginFailure {
  return error instanceof PluginFailure ? error : loadFailed(messageOf(error), error);
}
