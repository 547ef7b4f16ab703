export * from './bodies.ts';
export * from './trust.ts';
