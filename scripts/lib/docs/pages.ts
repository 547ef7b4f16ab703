import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../run.ts';
import { fill } from './fill.ts';
import { kindsBlock, pluginsBlock, providerBlock } from './plugins.ts';
import { siteKeysBlock } from './site-keys.ts';

/** A page of docs/ as it should be. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** The pages that have parts made from the code, with those parts fresh. */
export async function referencePages(): Promise<readonly Page[]> {
  return [
    page('operators/site-file.md', { 'site-keys': siteKeysBlock() }),
    page('operators/plugins.md', { plugins: await pluginsBlock(), kinds: kindsBlock() }),
    page('operators/oidc.md', { provider: providerBlock() }),
  ];
}

function page(name: string, blocks: Readonly<Record<string, string>>): Page {
  const path = join(root, 'docs', name);
  return { path, text: fill(readFileSync(path, 'utf8'), blocks) };
}
