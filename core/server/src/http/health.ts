import type { Context, Middleware, Next } from 'koa';

/** `/healthz`: the process answers. `/readyz`: so does the database. */
export function healthRoom(database: () => Promise<{ readonly isUp: boolean }>): Middleware {
  return async (ctx: Context, next: Next) => {
    if (ctx.path === '/healthz') ctx.body = { ok: true };
    else if (ctx.path === '/readyz') await ready(ctx, database);
    else return next();
    ctx.set('Cache-Control', 'no-store');
  };
}

async function ready(ctx: Context, database: () => Promise<{ readonly isUp: boolean }>): Promise<void> {
  const { isUp } = await database();
  ctx.status = isUp ? 200 : 503;
  ctx.body = { ok: isUp, database: isUp };
}
