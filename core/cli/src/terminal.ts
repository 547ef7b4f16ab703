import { styleText } from 'node:util';

/** A line about what happens, for the person who watches. Standard output belongs to the answer. */
export function say(text: string): void {
  process.stderr.write(`stele: ${text}\n`);
}

/** The answer. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Colours where the answer goes to a terminal that wants them. */
export function paint(style: Parameters<typeof styleText>[0], text: string): string {
  return styleText(style, text, { stream: process.stdout });
}
