export { longestCall, parseCall } from './call.ts';
export { StoredCallbacks } from './callbacks.ts';
export { CallLimit } from './rates.ts';
