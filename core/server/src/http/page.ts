import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentSecurityPolicy, type PageFiles, renderPage } from '@stele/web/page';
import type { Context, Middleware, Next } from 'koa';
import type { Contribution } from '../host/index.ts';
import { AssetFolder } from './assets.ts';

const webDist = join(dirname(fileURLToPath(import.meta.resolve('@stele/web/package.json'))), 'dist');
const pluginAsset = /^\/assets\/plugins\/([a-z0-9-]+)\/([A-Za-z0-9_-]+)\/(.+)$/;

/** Serves the page, the files of the shell, and the web halves of the active plugins. */
export function pageRoom(siteName: string, contributions: () => readonly Contribution[]): Middleware {
  const page = JSON.parse(readFileSync(join(webDist, 'page.json'), 'utf8')) as PageFiles;
  const assets = new AssetFolder(join(webDist, 'assets'));
  const plugins = new PluginAssets(contributions);
  return async (ctx: Context, next: Next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    if (await plugins.serve(ctx)) return;
    if (ctx.path.startsWith('/assets/') && (await assets.serve(ctx, ctx.path.slice('/assets/'.length)))) return;
    if (!isPage(ctx)) return next();
    showPage(ctx, page, siteName);
  };
}

/** Addresses of the page are those that a person types or follows and that belong to nothing else. */
function isPage(ctx: Context): boolean {
  return !/^\/(api|assets|healthz|readyz|metrics)(\/|$)/.test(ctx.path) && ctx.accepts('html') === 'html';
}

function showPage(ctx: Context, page: PageFiles, siteName: string): void {
  const nonce = randomBytes(18).toString('base64');
  ctx.set({ 'Content-Security-Policy': contentSecurityPolicy(nonce), 'Cache-Control': 'no-store' });
  ctx.type = 'html';
  ctx.body = renderPage({ page, nonce, siteName, lang: 'en' });
}

/** Web halves by plugin and hash; a folder is listed once for each hash. */
class PluginAssets {
  readonly #contributions: () => readonly Contribution[];
  readonly #folders = new Map<string, AssetFolder>();

  constructor(contributions: () => readonly Contribution[]) {
    this.#contributions = contributions;
  }

  async serve(ctx: Context): Promise<boolean> {
    const [, plugin, hash, name] = pluginAsset.exec(ctx.path) ?? [];
    if (name === undefined) return false;
    const active = this.#contributions().find((one) => one.plugin === plugin && one.hash === hash);
    if (!active) return false;
    const folder = this.#folders.get(active.hash) ?? new AssetFolder(active.webRoot);
    this.#folders.set(active.hash, folder);
    return folder.serve(ctx, name);
  }
}
