import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Context } from 'koa';
import { contentType } from 'mime-types';

interface Asset {
  readonly type: string;
  readonly raw: Buffer;
  readonly br: Buffer | undefined;
  readonly gzip: Buffer | undefined;
}

const year = 'public, max-age=31536000, immutable';
const compressible = /^(text\/|application\/(javascript|json|manifest\+json)|image\/svg)/;

/**
 * The files of one folder, by name, as they were at first: a new build under a running platform takes nothing away from
 * its page, and no path of a request ever reaches the file system. Each is compressed once, when it is first asked for.
 */
export class AssetFolder {
  readonly #files: ReadonlyMap<string, Buffer>;
  readonly #assets = new Map<string, Asset>();

  constructor(root: string) {
    this.#files = new Map(filesBelow(root).map((name) => [name, readFileSync(join(root, name))]));
  }

  /** Answers with the file; `false` when there is none of this name. */
  serve(ctx: Context, name: string): boolean {
    const raw = this.#files.get(name);
    if (raw === undefined) return false;
    const asset = this.#assets.get(name) ?? this.#prepare(name, raw);
    const encoding = pick(ctx, asset);
    ctx.set({ 'Cache-Control': year, Vary: 'Accept-Encoding' });
    ctx.type = asset.type;
    if (encoding !== 'identity') ctx.set('Content-Encoding', encoding);
    ctx.body = encoding === 'identity' ? asset.raw : asset[encoding === 'br' ? 'br' : 'gzip'];
    return true;
  }

  #prepare(name: string, raw: Buffer): Asset {
    const type = contentType(name.slice(name.lastIndexOf('/') + 1)) || 'application/octet-stream';
    const shrinks = compressible.test(type);
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    const asset = {
      type,
      raw,
      br: shrinks ? brotliCompressSync(raw, quality) : undefined,
      gzip: shrinks ? gzipSync(raw) : undefined,
    };
    this.#assets.set(name, asset);
    return asset;
  }
}

function pick(ctx: Context, asset: Asset): 'br' | 'gzip' | 'identity' {
  if (asset.br === undefined) return 'identity';
  const accepted = ctx.acceptsEncodings('br', 'gzip', 'identity');
  return accepted === 'br' || accepted === 'gzip' ? accepted : 'identity';
}

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
