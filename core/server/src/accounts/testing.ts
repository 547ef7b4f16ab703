import { randomBytes, randomUUID } from 'node:crypto';
import { type Database, secretBox } from '../model/index.ts';
import { testLog } from '../model/testing.ts';
import { Accounts, type AccountsOptions } from './accounts.ts';
import type { Role, Viewer } from './decide.ts';
import { findViewer } from './viewers.ts';

/** A clock that tests move. */
export class TestClock {
  #milliseconds = Date.now();

  readonly now = (): number => this.#milliseconds;

  pass(milliseconds: number): void {
    this.#milliseconds += milliseconds;
  }
}

/** Accounts on a test database, with a way to make users quickly. */
export class TestAccounts extends Accounts {
  readonly #database: Database;

  constructor(database: Database, more: Partial<AccountsOptions> = {}) {
    super({ database, secrets: secretBox(randomBytes(32).toString('base64')), log: testLog, ...more });
    this.#database = database;
  }

  /** A fresh user, as somebody who asks. */
  async someone(role: Role = 'standard', name = `user ${randomUUID()}`): Promise<Viewer> {
    const user = await this.users.insert({ email: `${randomUUID()}@example.org`, name, role });
    return await this.viewer(user.id);
  }

  /** The user as they are now. */
  async viewer(id: string): Promise<Viewer> {
    const viewer = await findViewer(this.#database, id);
    if (!viewer) throw new Error('no such user, or disabled');
    return viewer;
  }
}
