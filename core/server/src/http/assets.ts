import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Context } from 'koa';
import { contentType } from 'mime-types';

interface Asset {
  readonly type: string;
  readonly raw: Buffer;
  /** What was asked for so far, or is being compressed. */
  readonly compressed: Map<Encoding, Promise<Buffer>>;
}

type Encoding = keyof typeof compress;

const compress = {
  br: (raw: Buffer) => promisify(brotliCompress)(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (raw: Buffer) => promisify(gzip)(raw),
};
const year = 'public, max-age=31536000, immutable';
const compressible = /^(text\/|application\/(javascript|json|manifest\+json)|image\/svg)/;

/**
 * The files of one folder, by name, as they were at first: a new build under a running platform takes nothing away from
 * its page, and no path of a request ever reaches the file system. Each is compressed once, when it is first asked for.
 */
export class AssetFolder {
  readonly #assets: ReadonlyMap<string, Asset>;

  constructor(root: string) {
    this.#assets = new Map(filesBelow(root).map((name) => [name, assetOf(name, readFileSync(join(root, name)))]));
  }

  /** Answers with the file; `false` when there is none of this name. */
  async serve(ctx: Context, name: string): Promise<boolean> {
    const asset = this.#assets.get(name);
    if (asset === undefined) return false;
    const encoding = pick(ctx, asset);
    ctx.set({ 'Cache-Control': year, Vary: 'Accept-Encoding' });
    ctx.type = asset.type;
    if (encoding !== 'identity') ctx.set('Content-Encoding', encoding);
    ctx.body = encoding === 'identity' ? asset.raw : await compressedBy(asset, encoding);
    return true;
  }
}

function assetOf(name: string, raw: Buffer): Asset {
  const type = contentType(name.slice(name.lastIndexOf('/') + 1)) || 'application/octet-stream';
  return { type, raw, compressed: new Map() };
}

function compressedBy({ raw, compressed }: Asset, encoding: Encoding): Promise<Buffer> {
  const bytes = compressed.get(encoding) ?? compress[encoding](raw);
  compressed.set(encoding, bytes);
  return bytes;
}

function pick(ctx: Context, { type }: Asset): Encoding | 'identity' {
  if (!compressible.test(type)) return 'identity';
  const accepted = ctx.acceptsEncodings('br', 'gzip', 'identity');
  return accepted === 'br' || accepted === 'gzip' ? accepted : 'identity';
}

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
