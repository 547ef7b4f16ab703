import type { DriverException } from '@mikro-orm/core';
import { PostgreSqlConnection, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { isSteleError } from '@stele/sdk';
import { valueInvalid } from './errors.ts';
import { translate } from './unreachable.ts';

/** Waits for `work`; when the database can't be reached it fails with UNREACHABLE, whatever words the driver had. */
async function coded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw translate(error);
  }
}

class CodedConnection extends PostgreSqlConnection {
  override begin(...args: Parameters<PostgreSqlConnection['begin']>): ReturnType<PostgreSqlConnection['begin']> {
    return coded(super.begin(...args));
  }

  override commit(...args: Parameters<PostgreSqlConnection['commit']>): Promise<void> {
    return coded(super.commit(...args));
  }

  override rollback(...args: Parameters<PostgreSqlConnection['rollback']>): Promise<void> {
    return coded(super.rollback(...args));
  }

  override execute: PostgreSqlConnection['execute'] = (...args) => coded(super.execute(...args));
}

/** MikroORM's driver for PostgreSQL, with coded errors for a database that is away. */
export class CodedDriver extends PostgreSqlDriver {
  protected override readonly connection = new CodedConnection(this.config);

  override convertException(exception: Error): DriverException {
    const error = translate(exception);
    // The signature knows MikroORM's own errors only; its callers just throw what they get.
    return isSteleError(error) ? (error as unknown as DriverException) : super.convertException(exception);
  }
}

/**
 * For MikroORM's `onQuery`: refuses a NUL, which no text column holds. MikroORM writes values into the statement's text,
 * which PostgreSQL reads up to the NUL; then it hangs up.
 */
export function refuseNul(sql: string, params: readonly unknown[]): string {
  if (params.some(holdsNul)) throw valueInvalid();
  return sql;
}

function holdsNul(value: unknown): boolean {
  return typeof value === 'string' ? value.includes('\0') : Array.isArray(value) && value.some(holdsNul);
}
