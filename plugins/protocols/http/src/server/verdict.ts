import type { ProbeResult } from '@stele/sdk';

const statusLine = /^HTTP\/1\.[01] ([1-5][0-9]{2})(?: ([\u0020-\u007e]*))?\r?$/;

/** What the first line of an answer says: everything below 500 is an application that is up, also “log in first”. */
export function verdict(line: string): ProbeResult {
  if (line === '') return notReady('It closed the connection without an answer.');
  const [, status, words] = statusLine.exec(line) ?? [];
  if (status === undefined) return notReady(`It doesn’t speak HTTP: “${printable(line)}”.`);
  if (Number(status) >= 500) return notReady(`It answers ${[status, words].filter(Boolean).join(' ')}.`);
  return { isReady: true };
}

export function notReady(reason: string): ProbeResult {
  return { isReady: false, reason };
}

function printable(line: string): string {
  return line.slice(0, 40).replace(/[^\u0020-\u007e]/g, '.');
}
