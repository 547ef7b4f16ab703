export * from './call.ts';
export * from './collect.ts';
export * from './expect.ts';
export * from './files/index.ts';
export * from './leftovers.ts';
export * from './runner.ts';
