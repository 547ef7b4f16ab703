import { defineEntity, p } from '@mikro-orm/core';
import { Session } from './session.ts';
import { User } from './user.ts';

const TicketSchema = defineEntity({
  name: 'Ticket',
  tableName: 'tickets',
  properties: {
    /** SHA-256 of the ticket, hexadecimal. */
    hash: p.string().length(64).primary(),
    /** The task's key. */
    task: p.character().length(16),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    session: () => p.manyToOne(Session).deleteRule('cascade').index(),
    path: p.text(),
    expiresAt: p.datetime().index(),
  },
});

/** A ticket into a task that one replica issues and another may redeem. */
export class Ticket extends TicketSchema.class {}
TicketSchema.setClass(Ticket);
