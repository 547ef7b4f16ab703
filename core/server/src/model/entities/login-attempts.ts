import { defineEntity, p } from '@mikro-orm/core';

const LoginAttemptsSchema = defineEntity({
  name: 'LoginAttempts',
  tableName: 'login_attempts',
  properties: {
    /** What is counted, e.g. of which address. */
    key: p.string().length(255).primary(),
    points: p.integer().default(0),
    /** When the count is over, in milliseconds since the epoch. */
    expire: p.bigint().nullable().index(),
  },
});

/** Attempts to log in, counted for all replicas. Columns as rate-limiter-flexible, which alone writes them, names them. */
export class LoginAttempts extends LoginAttemptsSchema.class {}
LoginAttemptsSchema.setClass(LoginAttempts);
