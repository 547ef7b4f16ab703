import { type DestinationStream, destination, pino, type Logger as Pino, stdSerializers } from 'pino';
import type { Logger } from '@stele/sdk';

export interface LogOptions {
  /** Default `info`. */
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Where the JSON lines go. Default: standard error; standard output belongs to the commands. */
  readonly destination?: DestinationStream;
}

export interface ChildLogger extends Logger {
  /** A logger that adds `fields` to each line. */
  child(fields: Readonly<Record<string, unknown>>): ChildLogger;
}

/** Names under which a secret might slip in, at the top of a line's fields or one level below. */
const secretFields = ['password', 'secret', 'token', 'key', 'authorization', 'cookie', 'set-cookie', 'x-csrf-token'];
const redacted = secretFields.flatMap((name) => [`["${name}"]`, `*["${name}"]`]);

/** Makes the log of the process. */
export function createLogger({ level = 'info', destination: target }: LogOptions = {}): ChildLogger {
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: stdSerializers.err },
    redact: { paths: redacted, censor: '[secret]' },
  };
  // Written at once: the lines before a crash are those that are wanted.
  return wrap(pino(options, target ?? destination({ fd: 2, sync: true })));
}

function wrap(log: Pino): ChildLogger {
  return {
    debug: (message, fields = {}) => log.debug(fields, message),
    info: (message, fields = {}) => log.info(fields, message),
    warn: (message, fields = {}) => log.warn(fields, message),
    error: (message, fields = {}) => log.error(fields, message),
    child: (fields) => wrap(log.child(fields)),
  };
}
