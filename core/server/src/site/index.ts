export { withData } from './with-data.ts';
export { type Site, loadSite } from './load.ts';
export { type SiteFile, SiteSchema } from './schema.ts';
