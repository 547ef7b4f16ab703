export { defaultHost, defaultPort } from './defaults.ts';
export { withData } from './with-data.ts';
export { type Site, loadSite } from './load.ts';
export { type MailSettings, type SiteFile, SiteSchema } from './schema.ts';
