import { join } from 'node:path';
import { createLogger, type ServerOptions } from '@stele/server';
import { say } from '../terminal.ts';
import { RotatingFile } from './rotating-file.ts';
import { wordsOf } from './words.ts';

export interface OpenLog extends Disposable {
  readonly log: ServerOptions['log'];
  readonly path: string;
}

/** The log of a platform: JSON lines in its data folder; what a person should know also in words on standard error. */
export function openLog(dataDir: string, verbose: boolean): OpenLog {
  const path = join(dataDir, 'stele.log');
  const file = new RotatingFile(path, say);
  const lowest = verbose ? 'debug' : 'warn';
  const write = (text: string): void => {
    file.write(text);
    const words = wordsOf(text, lowest);
    if (words !== undefined) say(words);
  };
  const log = createLogger({ level: verbose ? 'debug' : 'info', destination: { write } });
  return { log, path, [Symbol.dispose]: () => file[Symbol.dispose]() };
}
