import { join } from 'node:path';
import { root } from '../../e2e/lib/index.ts';

/** Part of a site: the plugins that only these tests have. */
export const withProbe = { pluginFolders: { site: [join(root, 'test/security/fixtures/plugins')] } };
