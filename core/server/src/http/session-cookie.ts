import type { Context } from 'koa';

/** `__Host-`: no other host, no sibling domain and no plain-HTTP page can set or read it. Browsers take it on localhost too. */
const name = '__Host-stele';
/** Says that it is the same browser that comes back from a provider: a secret that is no session's. */
const browserName = '__Host-stele-browser';

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

/** As {@link setBrowserCookie} is given it. */
const browserSecret = /^[\w-]{43}$/;

/** What isn't one of ours is none: whoever chooses their own could choose what a browser without a cookie has. */
export function readBrowserCookie(ctx: Context): string | undefined {
  const value = ctx.cookies.get(browserName);
  return value !== undefined && browserSecret.test(value) ? value : undefined;
}

/** Strict: the page itself asks, when the browser has come back, and nobody else ever needs it. */
export function setBrowserCookie(ctx: Context, secret: string): void {
  ctx.append('Set-Cookie', `${browserName}=${secret}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=1200`);
}
