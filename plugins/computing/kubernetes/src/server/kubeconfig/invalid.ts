import { SteleError } from '@stele/sdk';

export function invalid(field: string, message: string, cause?: unknown): SteleError {
  return new SteleError('INVALID', message, { field: `conf.${field}`, cause });
}
