import { SteleError } from '@stele/sdk';
import type { Notice as NoticeView } from '@stele/sdk/api';
import { type Database, Notice, User } from '../model/index.ts';
import { isDeliverable } from './letter.ts';

const most = 50;

/** What users are told, as their pages ask for it. */
export class Notices {
  readonly #database: Database;
  readonly #sendsMail: boolean;

  constructor(database: Database, sendsMail: boolean) {
    this.#database = database;
    this.#sendsMail = sendsMail;
  }

  /** What no page of theirs has shown yet, the eldest first. */
  async unseen(user: string): Promise<NoticeView[]> {
    const where = { user, seenAt: null, task: { deleteRequestedAt: null } };
    const rows = await this.#database
      .em()
      .find(Notice, where, { populate: ['task'], orderBy: { createdAt: 'asc' }, limit: most });
    return rows.map(({ id, kind, task, createdAt }) => ({
      id,
      kind,
      task: { id: task.id, name: task.name },
      computing: task.computingName,
      createdAt: createdAt.toISOString(),
    }));
  }

  /**
   * Idempotent: two pages may show one notice.
   * @throws NOT_FOUND when the user has no such notice, or its task is gone
   */
  async seen(user: string, id: string): Promise<void> {
    const count = await this.#database.em().nativeUpdate(Notice, { id, user }, { seenAt: new Date() });
    if (count === 0) throw new SteleError('NOT_FOUND', 'There is no such notice.');
  }

  /** Why a user can't be told by e-mail; `undefined` when they can. */
  async whyNoMail(user: string): Promise<string | undefined> {
    if (!this.#sendsMail) return 'This site sends no e-mail.';
    const row = await this.#database.em().findOne(User, { id: user });
    if (row && isDeliverable(row.email)) return undefined;
    return 'Your account has no e-mail address that anything could be sent to. Ask an administrator.';
  }

  /** @throws INVALID (field `mailAtStart`) when that can't be */
  async demandMail(user: string): Promise<void> {
    const why = await this.whyNoMail(user);
    if (why !== undefined) throw new SteleError('INVALID', why, { field: 'mailAtStart' });
  }
}
