export * from './computing/index.ts';
