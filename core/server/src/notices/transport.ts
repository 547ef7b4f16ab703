import { readFile } from 'node:fs/promises';
import { messageOf, SteleError } from '@stele/sdk';
import type { MailSettings } from '../site/index.ts';
import type { Letter } from './letter.ts';

/** Brings a letter to a mail server. */
export interface MailTransport {
  /**
   * @param id the same for each attempt at the same letter: what a server gets twice it can tell
   * @throws UNREACHABLE to be tried again; INVALID when the server will never take it
   */
  send(to: string, letter: Letter, id: string): Promise<void>;
}

const ports = { starttls: 587, tls: 465, none: 25 } as const;
/** Milliseconds for each step; all of them, some ten, take less than a letter is put off while somebody sends it. */
const limits = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000, dnsTimeout: 5_000 };

/** A site's own mail server, by SMTP. */
export function smtpTransport(settings: MailSettings, ehlo: string): MailTransport {
  return {
    async send(to, letter, id) {
      // Most sites have no mail server, and those that have one need it later than their page.
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({ ...(await optionsOf(settings)), name: ehlo });
      try {
        const from = { name: '', address: settings.from };
        const headers = { 'Auto-Submitted': 'auto-generated' };
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          ...letter,
          messageId: `<${id}@${ehlo}>`,
          headers,
        });
      } catch (error) {
        throw coded(error);
      } finally {
        transport.close();
      }
    },
  };
}

async function optionsOf({ host, port, security = 'starttls', user, password, passwordFile }: MailSettings) {
  const pass = passwordFile === undefined ? password : await secretIn(passwordFile);
  return {
    host,
    port: port ?? ports[security],
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === undefined ? {} : { auth: { user, pass: pass ?? '' } }),
    ...limits,
    // Texts of ours name neither files nor addresses to fetch; should one ever seem to, it stays text.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** For each connection, so that it can be changed. */
async function secretIn(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    throw new SteleError('UNREACHABLE', `The mail server’s password can’t be read: ${messageOf(cause)}`, { cause });
  }
}

/** What the server said of the addressee is final; all else, the sender and the log-in included, may be mended. */
function coded(cause: unknown): SteleError {
  const { command, responseCode = 0 } = cause as { command?: string; responseCode?: number };
  const isFinal = command === 'RCPT TO' && responseCode >= 500;
  const message = `The mail server ${isFinal ? 'refuses this e-mail' : 'did not take the e-mail'}: ${messageOf(cause)}`;
  return new SteleError(isFinal ? 'INVALID' : 'UNREACHABLE', message, { cause });
}
