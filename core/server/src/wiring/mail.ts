import { resolve } from 'node:path';
import type { Logger } from '@stele/sdk';
import type { DependencyContainer } from 'tsyringe';
import { Notices, Outbox, Postman, smtpTransport } from '../notices/index.ts';
import type { MailSettings, Site } from '../site/index.ts';
import { put, take } from './bind.ts';
import { siteHost } from './site-address.ts';
import { The } from './tokens.ts';

/** What users are told in the page, and by e-mail where the site has a mail server. */
export function putNotices(site: Site, core: DependencyContainer): void {
  put(core, The.notices, new Notices(take(core, The.database), site.file.mail !== undefined));
}

/** Sends what waits to be sent, from now on. Does nothing on a site without a mail server. */
export function startPostman(
  site: Site,
  core: DependencyContainer,
  taskPage: (key: string) => string,
  log: Logger,
): AsyncDisposable {
  const owned = new AsyncDisposableStack();
  const { mail, site: keys = {} } = site.file;
  if (mail === undefined) return owned;
  const postman = owned.use(
    new Postman({
      outbox: new Outbox(take(core, The.database)),
      transport: smtpTransport(settingsOf(mail, site.folder), siteHost(keys)),
      site: keys.name ?? 'Stele',
      taskPage,
      log,
    }),
  );
  owned.use(take(core, The.events).listen(({ name }) => name === 'notice' && postman.hurry()));
  postman.hurry();
  return owned;
}

function settingsOf(mail: MailSettings, folder: string): MailSettings {
  return mail.passwordFile === undefined ? mail : { ...mail, passwordFile: resolve(folder, mail.passwordFile) };
}
