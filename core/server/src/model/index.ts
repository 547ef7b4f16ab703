export { Database, openDatabase, type DatabaseHealth, type DatabaseOptions } from './database.ts';
export * from './entities/index.ts';
