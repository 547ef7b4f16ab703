/** Builds the page into `core/web/dist` and each panel's web half into its plugin's `dist/web`. Run by `npm run build`. */
import { buildPage } from './page.ts';
import { buildPanels } from './panels.ts';

await buildPage();
await buildPanels();
