const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** What to tell somebody who has lost the link that logs in: a sentence, and the command that prints another. */
export interface LostLink {
  readonly says: string;
  readonly command: string;
}

/** @param host name in the address of the page: a platform on this machine is likely the reader's own */
export function lostLink(host: string): LostLink {
  const isHere = loopback.has(host) || host.endsWith('.localhost');
  return isHere
    ? { says: 'Lost your link? In Stele’s folder, this prints another:', command: './stele log-in-link' }
    : { says: 'Whoever runs this platform can make you a link that logs you in:', command: 'stele log-in-link' };
}
