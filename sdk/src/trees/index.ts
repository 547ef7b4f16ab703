/** What file trees of any kind share: paths, links' targets, order and pages of listings, streams that can be given up. */
export * from './chunks.ts';
export * from './natural-order.ts';
export * from './paging.ts';
export * from './path.ts';
