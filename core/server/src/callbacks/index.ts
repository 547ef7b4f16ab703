export { type CallbackCall, longestCall, parseCall } from './call.ts';
export { type CallAnswer, StoredCallbacks } from './callbacks.ts';
export { CallLimit } from './rates.ts';
