import { defineEntity, p } from '@mikro-orm/core';
import { Computing } from './computing.ts';
import { User } from './user.ts';

const AccountSchema = defineEntity({
  name: 'Account',
  tableName: 'accounts',
  properties: {
    user: () => p.manyToOne(User).primary().deleteRule('cascade'),
    computing: () => p.manyToOne(Computing).primary().deleteRule('cascade').index(),
    /** Of the grammar `accountName`; none when the user didn't say. */
    username: p.string().length(32).nullable(),
    /** When the user last tried whether they get in. */
    checkedAt: p.datetime().nullable(),
    /** Why they didn't; none when they did. */
    problem: p.text().nullable(),
    /** The code of that. */
    problemCode: p.string().length(32).nullable(),
    /** The setting of the resource that is to blame, when one is. */
    problemField: p.string().length(200).nullable(),
  },
});

/** Who a user is on a computing resource. */
export class Account extends AccountSchema.class {}
AccountSchema.setClass(Account);
