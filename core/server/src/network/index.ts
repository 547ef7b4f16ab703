export { isIn, networksOf, plainAddress, whyNotPublic } from './addresses.ts';
export { DirectDialer } from './direct-dialer.ts';
export { checkDirect, guardedLookup } from './guarded.ts';
