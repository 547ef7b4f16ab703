import type { Context } from 'koa';

/** `__Host-`: no other host, no sibling domain and no plain-HTTP page can set or read it. Browsers take it on localhost too. */
const name = '__Host-stele';

export const readSessionCookie = (ctx: Context): string | undefined => ctx.cookies.get(name);

export function setSessionCookie(ctx: Context, token: string, expiresAt: Date): void {
  ctx.append(
    'Set-Cookie',
    `${name}=${token}; Path=/; Secure; HttpOnly; SameSite=Lax; Expires=${expiresAt.toUTCString()}`,
  );
}

export function clearSessionCookie(ctx: Context): void {
  ctx.append('Set-Cookie', `${name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`);
}
