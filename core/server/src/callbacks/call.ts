import { SteleError } from '@stele/sdk';

/** What one call may have, in bytes. */
export const longestCall = 64 * 1024;
const longestHead = 1_024;

/** One call of a task, as it came. */
export interface CallbackCall {
  /** Of the caller's own making: 256 bits, hexadecimal. */
  readonly secret: string;
  /** 0 for the call that fetches the parcel. */
  readonly step: number;
  /** Of the call that fetches the parcel. */
  readonly ticket?: string;
  /** Whether somebody should look at once. */
  readonly isUrgent: boolean;
  /** Whether it is the last one. */
  readonly isFinal: boolean;
  /** What is told. */
  readonly text: string;
}

/** Reads a call: lines `name=value`, an empty one, then what is told. INVALID for what is none. Pure. */
export function parseCall(body: Uint8Array): CallbackCall {
  // PostgreSQL keeps no NUL in a text.
  const whole = Buffer.from(body).toString('utf8').replaceAll('\0', '\uFFFD');
  const end = whole.indexOf('\n\n');
  if (end < 0 || end > longestHead) throw noCall();
  const lines = whole.slice(0, end).split('\n');
  const head = new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  const [secret = '', step = '', ticket] = [head.get('secret'), head.get('step'), head.get('ticket')];
  const isWhole = /^[0-9a-f]{64}$/.test(secret) && /^(?:0|[1-9]\d{0,8})$/.test(step);
  if (!isWhole || (step === '0') !== (ticket !== undefined)) throw noCall();
  return {
    secret,
    step: Number(step),
    ...(ticket === undefined ? {} : { ticket }),
    isUrgent: head.get('urgent') === 'yes',
    isFinal: head.get('final') === 'yes',
    text: whole.slice(end + 2),
  };
}

function noCall(): SteleError {
  return new SteleError('INVALID', 'This is no call of a task.');
}
