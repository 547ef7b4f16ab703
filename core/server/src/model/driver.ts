import type { DriverException } from '@mikro-orm/core';
import { PostgreSqlConnection, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { isSteleError } from '@stele/sdk';
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
