export * from './accounts.ts';
export * from './common.ts';
export * from './events.ts';
export * from './files.ts';
export * from './plugins.ts';
export * from './resources.ts';
export * from './software.ts';
export * from './tasks.ts';
