export { DirectDialer } from './direct-dialer.ts';
export { checkDirect, guardedLookup } from './guarded.ts';
