import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from './common.ts';
import { Task } from './task.ts';
import { User } from './user.ts';

const NoticeSchema = defineEntity({
  name: 'Notice',
  tableName: 'notices',
  uniques: [{ properties: ['task', 'kind'] }],
  indexes: [{ name: 'notices_due_index', properties: ['mailDueAt'], where: `mail = 'waiting'` }],
  properties: {
    id: id(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    task: () => p.manyToOne(Task).deleteRule('cascade'),
    kind: p.enum(['started']),
    createdAt: createdAt(),
    /** When a page has shown it. */
    seenAt: p.datetime().nullable(),
    mail: p.enum(['none', 'waiting', 'sent', 'failed']).default('none'),
    /** When it is to be sent, or tried again: whoever takes it puts that off, so that nobody else does the same. */
    mailDueAt: p.datetime().nullable(),
    mailAttempts: p.integer().default(0),
    mailProblem: p.text().nullable(),
  },
});

/** Something that a user is told of: once in the page and, where they want it, once by e-mail. */
export class Notice extends NoticeSchema.class {}
NoticeSchema.setClass(Notice);
